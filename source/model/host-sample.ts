import type {MeterSample} from './meter-reading.ts';
import type {Microseconds} from './timestamp.ts';

/** What a Linux machine tells of itself, as text; null for a file that cannot be read. */
export type HostFiles = {
  readonly loadavg: string | null;
  readonly stat: string | null;
  readonly meminfo: string | null;
  readonly vmstat: string | null;
};

/** Fields of the line `cpu` of /proc/stat that are idle time: idle and iowait. The first eight are all of the time, guests are within them. */
const IDLE = [3, 4];
const ALL = 8;

/** The figures of the machine that has so many processor cores. */
export function hostSample(files: HostFiles, cores: number, at: Microseconds): MeterSample<'host'> {
  const {loadavg, stat, meminfo, vmstat} = files;
  const ticks = /^cpu +([\d ]+)/m
    .exec(stat ?? '')?.[1]
    ?.split(' ')
    .slice(0, ALL)
    .map(Number);
  const all = ticks?.reduce((sum, each) => sum + each, 0) ?? null;
  const idle = ticks === undefined ? null : IDLE.reduce((sum, field) => sum + (ticks[field] ?? 0), 0);
  const kilobytes = (text: string | null, pattern: RegExp) => {
    const digits = pattern.exec(text ?? '')?.[1];
    return digits === undefined ? null : Number(digits) * 1024;
  };
  return {
    at,
    series: 'host',
    figures: {
      load_1m: loadavg === null ? null : Number.parseFloat(loadavg),
      cores,
      cpu_ticks: all,
      cpu_busy_ticks: all === null || idle === null ? null : all - idle,
      memory_total: kilobytes(meminfo, /^MemTotal:\s*(\d+)/m),
      memory_available: kilobytes(meminfo, /^MemAvailable:\s*(\d+)/m),
      bytes_in: kilobytes(vmstat, /^pgpgin (\d+)/m),
      bytes_out: kilobytes(vmstat, /^pgpgout (\d+)/m),
    },
  };
}
