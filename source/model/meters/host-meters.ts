import {formatBytes} from '../format.ts';
import type {MeterFigures} from '../meter-reading.ts';
import {ratePerSecond, shareOf} from '../rates.ts';
import {known, type Meter, type MeterValue, notAvailable} from './meter.ts';

/** The machine has nothing left from here on: as a share of its processors, of its memory, and in waiting processes a core. */
const BUSY_SHARE = 0.95;
const FULL_SHARE = 0.95;
const LOAD_PER_CORE = 2;

/** A meter of bytes that all of the machine moves to or from storage. */
function moved(caption: string, description: string, from: string, figure: MeterFigures['host']): Meter {
  return {
    caption,
    description,
    from,
    unit: 'byte-rate',
    width: 6,
    source: 'host',
    value: ({reading: {meters}}) =>
      told(meters.host.now?.figures[figure], () => known(ratePerSecond(meters.host, figure))),
  };
}

/** A container may hide what the kernel tells: then it is not known, as opposed to not known yet. */
function told(figure: number | null | undefined, value: (figure: number) => MeterValue): MeterValue {
  if (figure === undefined) return known(null);
  return figure === null ? notAvailable('this machine does not tell') : value(figure);
}

/** What the machine does on which both the server and pgtop run. */
export const hostMeters = {
  cpu: {
    caption: 'cpu',
    description: 'time that the processors of the machine were at work, where the server runs on this one',
    from: '/proc/stat',
    unit: 'share',
    width: 5,
    source: 'host',
    value: ({reading: {meters}}) =>
      told(meters.host.now?.figures.cpu_ticks, () => {
        const share = shareOf(meters.host, 'cpu_busy_ticks', 'cpu_ticks');
        return known(share, '', (share ?? 0) >= BUSY_SHARE);
      }),
  },
  load: {
    caption: 'loadavg',
    description: 'processes of the machine that run or want to, average of the last minute, and its cores',
    from: '/proc/loadavg',
    unit: 'load',
    width: 10,
    source: 'host',
    value: ({reading: {meters}}) =>
      told(meters.host.now?.figures.load_1m, load => {
        const cores = meters.host.now?.figures.cores ?? 1;
        return known(load, ` of ${cores}`, load >= cores * LOAD_PER_CORE);
      }),
  },
  memory: {
    caption: 'mem',
    description: 'memory of the machine that is taken and cannot be given back at once, of how much',
    from: '/proc/meminfo MemTotal, MemAvailable',
    unit: 'share',
    width: 14,
    source: 'host',
    value: ({reading: {meters}}) => {
      const figures = meters.host.now?.figures;
      return told(figures?.memory_available, available => {
        const total = figures?.memory_total ?? 0;
        const share = total === 0 ? null : Math.max(0, 1 - available / total);
        return known(share, ` of ${formatBytes(total)}`, (share ?? 0) >= FULL_SHARE);
      });
    },
  },
  read: moved(
    'disk read',
    'bytes a second that the machine reads from storage',
    '/proc/vmstat pgpgin',
    'bytes_in',
  ),
  write: moved(
    'disk write',
    'bytes a second that the machine writes to storage',
    '/proc/vmstat pgpgout',
    'bytes_out',
  ),
} as const satisfies Readonly<Record<string, Meter>>;
