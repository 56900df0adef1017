import {describe, expect, test} from 'vitest';
import type {MeterSample, Sampled} from '../../source/model/meter-reading.ts';
import {difference, keepWindow, ratePerSecond, shareOf} from '../../source/model/rates.ts';
import {meterSample, sampled} from '../helpers/meters.ts';

const between = (before: number, now: number, series: readonly [string, string] = ['a', 'a']) =>
  sampled(
    meterSample('databases', 0, {xact_commit: before}, series[0]),
    meterSample('databases', 10, {xact_commit: now}, series[1]),
  );

describe('a rate', () => {
  test('is what was added to the counters, by the seconds of the server between the readings', () => {
    expect(ratePerSecond(between(1_000, 1_250), 'xact_commit')).toBe(25);
    expect(ratePerSecond(between(1_000, 1_250), 'xact_commit', 'xact_rollback')).toBe(25);
  });

  test.each<[string, Sampled<'databases'>]>([
    ['before the second reading', {...between(0, 1), before: null}],
    ['over a reset, which makes another series', between(5_000, 6_000, ['a', 'b'])],
    ['when a counter went back', between(5_000, 20)],
    ['when the clock stood still', {...between(0, 1), before: meterSample('databases', 10, {})}],
    ['when the clock went back', {...between(0, 1), before: meterSample('databases', 11, {})}],
  ])('is none %s', (_, readings) => {
    expect(ratePerSecond(readings, 'xact_commit')).toBeNull();
  });

  test('is none of a counter that is NULL', () => {
    const readings = sampled(meterSample('wal', 0, {wal_lsn: null}), meterSample('wal', 1, {wal_lsn: 5}));
    expect([difference(readings, 'wal_lsn'), ratePerSecond(readings, 'wal_lsn')]).toEqual([null, null]);
  });
});

test.each([
  [90, 100, 0.9],
  [0, 100, 0],
  [0, 0, null],
  // The two counters are not read at one moment.
  [101, 100, 1],
])('shareOf %i of %i is %s', (hit, fetched, share) => {
  const readings = sampled(
    meterSample('databases', 0, {}),
    meterSample('databases', 1, {blks_hit: hit, blks_fetched: fetched}),
  );
  expect(shareOf(readings, 'blks_hit', 'blks_fetched')).toBe(share);
});

describe('the window', () => {
  const grow = (seconds: readonly number[], series = 'a') =>
    seconds.reduce<readonly MeterSample<'databases'>[]>(
      (kept, second) => keepWindow(kept, meterSample('databases', second, {}, series), 10_000),
      [],
    );
  const secondsOf = (samples: readonly MeterSample<'databases'>[]) =>
    samples.map(({at}) => (at - meterSample('databases', 0, {}).at) / 1_000_000);

  test('keeps what is no older than its length', () => {
    expect(secondsOf(grow([0, 2, 4, 6, 8, 10, 12]))).toEqual([2, 4, 6, 8, 10, 12]);
  });

  test('keeps the latest one where they are rarer, and none after a long time', () => {
    expect(secondsOf(grow([0, 11, 22]))).toEqual([11, 22]);
    expect(secondsOf(grow([0, 60, 120]))).toEqual([60, 120]);
    expect(secondsOf(grow([0, 151]))).toEqual([151]);
  });

  test('starts anew with another series, and when the clock stepped back', () => {
    expect(keepWindow(grow([0, 2]), meterSample('databases', 4, {}, 'b'), 10_000)).toHaveLength(1);
    expect(secondsOf(grow([100, 102, 50]))).toEqual([50]);
  });

  test('never rises above what really happened, over random resets and restarts', () => {
    let counter = 0;
    let series = 'a';
    let kept: readonly MeterSample<'databases'>[] = [];
    for (let second = 0; second < 2_000; second++) {
      counter += 100;
      if (second % 37 === 0) series = `after ${second}`;
      if (second % 37 === 0 || second % 61 === 0) counter = 0;
      const now = meterSample('databases', second, {xact_commit: counter}, series);
      kept = keepWindow(kept, now, 10_000);
      const rate = ratePerSecond({now, before: kept[0] ?? null, failure: null}, 'xact_commit') ?? 0;
      expect(rate).toBeGreaterThanOrEqual(0);
      expect(rate).toBeLessThanOrEqual(100);
    }
  });
});
