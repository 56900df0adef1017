import {describe, expect, test} from 'vitest';
import type {RefreshCost} from '../../source/model/refresh-cost.ts';
import {isStale} from '../../source/state/data-age.ts';
import type {State} from '../../source/state/state.ts';
import {QUIET} from '../helpers/snapshots.ts';
import {dispatched, press, regionTexts, START_MS, stateWith} from '../helpers/states.ts';

const COST: RefreshCost = {
  durationMs: 12.4,
  workMs: 3.2,
  bytes: 8_700,
  slowedMs: null,
  cpuRatio: 0.0213,
  residentBytes: 98 * 2 ** 20,
};

const headerOf = (state: State) => regionTexts(state, 'header');

/** A monitor whose last refresh cost so much. */
const costing = (differences: Partial<RefreshCost> = {}, columns = 120): State =>
  stateWith(QUIET, {columns, cost: {...COST, ...differences}});

describe('what pgtop itself costs', () => {
  test.each([
    ['full', 0],
    ['compact', 1],
    ['off', 2],
  ])('is a line of the %s header after $', (_, times) => {
    const state = press(costing(), ...Array<string>(times).fill('#'));
    const line = 'pgtop itself  refresh 12ms   server 3ms    line 8.5K   CPU 2.1%   memory 98M';
    expect(headerOf(state)).not.toContain(line);
    expect(headerOf(press(state, '$'))).toContain(line);
    expect(headerOf(press(state, '$', '$'))).toEqual(headerOf(state));
  });

  test('has room at 80 columns', () => {
    const dear = costing({durationMs: 3_200, workMs: 2_700, cpuRatio: 1.123, residentBytes: 1.5e9}, 80);
    const line = headerOf(press(dear, '$')).find(text => text.startsWith('pgtop itself'));
    expect(line).toMatch(/ memory 1\.4G$/);
    expect(line?.length).toBeLessThanOrEqual(80);
  });

  test('is known from the newest refresh on, also while paused', () => {
    const paused = press(costing(), '$', 'p');
    const cost = {...COST, workMs: 7};
    const later = {type: 'snapshot-collected', snapshot: QUIET, cost, atMs: START_MS + 1_000} as const;
    expect(headerOf(dispatched(paused, later)).join('\n')).toContain(' server 7ms ');
  });
});

describe('an interval that is too short for the server', () => {
  const slowed = costing({slowedMs: 3_200});

  test.each([80, 120])('is told in the first line of %i columns, beside the one in use', columns => {
    expect(headerOf(costing({slowedMs: 3_200}, columns))[0]).toMatch(/ · 3\.2 s instead of 1 s · 14:13:20$/);
  });

  test('is told in every header but none', () => {
    expect(headerOf(press(slowed, '#'))[0]).toContain('3.2 s instead of 1 s');
  });

  test('makes data stale later', () => {
    const staleIn = (ms: number) => isStale(dispatched(slowed, {type: 'clock-ticked', atMs: START_MS + ms}));
    expect([staleIn(10_600), staleIn(10_601)]).toEqual([false, true]);
  });
});
