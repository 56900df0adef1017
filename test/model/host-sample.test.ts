import {expect, test} from 'vitest';
import {hostSample} from '../../source/model/host-sample.ts';
import type {MeterReading} from '../../source/model/meter-reading.ts';
import {formatMeter, readMeter} from '../../source/model/meters/meter.ts';
import {METERS} from '../../source/model/meters/meters.ts';
import {meterReading} from '../helpers/meters.ts';
import {SECOND, snapshot} from '../helpers/snapshots.ts';
import {regionTexts, stateWith} from '../helpers/states.ts';

const BEFORE = {
  loadavg: '3.27 2.92 2.61 5/310 4711\n',
  stat: 'cpu  100 0 50 800 40 5 5 0 30 0\ncpu0 1 2 3\nintr 1 2\n',
  meminfo: 'MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    4000000 kB\n',
  vmstat: 'nr_free_pages 1\npgpgin 1000\npgpgout 2000\npgpgoutrun 7\n',
};
const AFTER = {
  ...BEFORE,
  stat: 'cpu  160 0 70 900 50 10 10 0 60 0\n',
  vmstat: 'pgpgin 3000\npgpgout 2020\n',
};

const host = (after: typeof BEFORE | Record<keyof typeof BEFORE, null>): Partial<MeterReading> => ({
  host: {before: hostSample(BEFORE, 4, 0), now: hostSample(after, 4, 2 * SECOND), failure: null},
});

function sayings(meters: Partial<MeterReading>): Readonly<Record<string, string>> {
  const data = snapshot({meters: meterReading(meters)});
  return Object.fromEntries(
    METERS.filter(({source}) => source === 'host').map(meter => [
      meter.caption,
      formatMeter(meter.unit, readMeter(meter, data)),
    ]),
  );
}

test('the machine tells its load, how busy its processors are, its memory and its storage', () => {
  expect(sayings(host(AFTER))).toEqual({
    cpu: '45.0%',
    loadavg: '3.3 of 4',
    mem: '75.0% of 15G',
    'disk read': '1.0M/s',
    'disk write': '10K/s',
  });
});

test('what a container hides is n/a', () => {
  const hidden = sayings(host({loadavg: null, stat: null, meminfo: null, vmstat: null}));
  expect(new Set(Object.values(hidden))).toEqual(new Set(['n/a']));
});

test('the header has them where the server runs on this machine, and no empty places elsewhere', () => {
  const headerOf = (meters: Partial<MeterReading>) =>
    regionTexts(
      stateWith(snapshot({meters: meterReading(meters)}), {columns: 80, rows: 24}),
      'header',
    ).join();
  expect(headerOf(host(AFTER))).toContain('cpu 45.0%');
  expect(headerOf({host: {now: null, before: null, failure: 'elsewhere'}})).not.toContain('cpu');
});
