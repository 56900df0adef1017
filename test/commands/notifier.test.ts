import {expect, test} from 'vitest';
import {createNotifier} from '../../source/commands/notifier.ts';
import type {NotifyBy} from '../../source/host/notification.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {DEFAULT_THRESHOLDS} from '../../source/model/thresholds.ts';
import {meterReading, meterSample, sampled} from '../helpers/meters.ts';
import {running, server, snapshot} from '../helpers/snapshots.ts';

const quiet = snapshot({backends: [running(1, 400), running(2, 1)]});
const louder = snapshot({backends: [running(1, 401), running(2, 300), running(3, 500)]});

/** What is written at each of these readings, `everyMs` apart. */
function written(
  snapshots: readonly Snapshot[],
  {everyMs = 1_000, by = 'osc9'}: {readonly everyMs?: number; readonly by?: NotifyBy | null} = {},
): readonly string[] {
  let now = 0;
  let last = '';
  const write = (sequence: string) => {
    last = sequence;
  };
  const notifier = createNotifier({by, thresholds: DEFAULT_THRESHOLDS, write, clockMs: () => now});
  return snapshots.map(each => {
    last = '';
    notifier.observe(each);
    now += everyMs;
    return last;
  });
}

const LOUDER = '\u001b]9;pgtop: 2 alice@shop (web) runs its query for 5m00s · and 1 more\u0007';

test('calls once for what newly crosses a threshold, not for what had crossed it at the begin', () => {
  expect(written([quiet, louder, louder])).toEqual(['', LOUDER, '']);
});

test('calls once where readings are a minute apart', () => {
  expect(written([quiet, louder, louder, louder], {everyMs: 60_000})).toEqual(['', LOUDER, '', '']);
});

test('calls again only for what was below its threshold for a while', () => {
  expect(written([quiet, louder, quiet, louder, louder])).toEqual(['', LOUDER, '', '', '']);
  expect(written([quiet, louder, quiet, louder, louder], {everyMs: 20_000})).toEqual([
    '',
    LOUDER,
    '',
    LOUDER,
    '',
  ]);
});

test('calls once while connections swing about the threshold', () => {
  const used = (count: number) =>
    snapshot({
      backends: Array.from({length: count - 1}, (_, index) => running(index + 1, 1)),
      server: server({maxConnections: 100}),
    });
  const swinging = Array.from({length: 40}, (_, index) => used(index % 2 === 0 ? 79 : 95));
  expect(written(swinging).filter(text => text !== '')).toHaveLength(1);
});

test('does not call for the age of transaction ids when it is first known', () => {
  const aged = (age: number) =>
    snapshot({
      meters: meterReading({
        catalog: sampled(null, meterSample('catalog', 0, {datfrozenxid_age: age})),
        settings: sampled(null, meterSample('settings', 0, {autovacuum_freeze_max_age: 1_000})),
      }),
    });
  expect(written([quiet, aged(5_000), aged(5_000)])).toEqual(['', '', '']);
  expect(written([quiet, aged(1), aged(5_000)])[2]).toContain('500% of autovacuum_freeze_max_age');
});

test('writes nothing unless it was asked for', () => {
  expect(written([quiet, louder], {by: null})).toEqual(['', '']);
});

test('has the meters read only where it looks at them', () => {
  const needs = {meters: false, progress: true, processes: null};
  const notifier = (by: NotifyBy | null) =>
    createNotifier({by, thresholds: DEFAULT_THRESHOLDS, write: () => undefined, clockMs: () => 0});
  expect(notifier('bell').withOwn(needs)).toEqual({...needs, meters: true});
  expect(notifier(null).withOwn(needs)).toBe(needs);
});
