import {describe, expect, test} from 'vitest';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {readingNeeds} from '../../source/state/reading-needs.ts';
import type {State} from '../../source/state/state.ts';
import {running, snapshot} from '../helpers/snapshots.ts';
import {press, type StateDifferences, stateWith} from '../helpers/states.ts';

const MANY: Snapshot = snapshot({
  backends: Array.from({length: 200}, (_, index) => running(1_000 + index, 500 - index)),
});

const needsOf = (state: State) => readingNeeds(state).processes;
const wide = (differences: StateDifferences = {}) =>
  stateWith(MANY, {columns: 200, rows: 40, ...differences});

describe('the processes whose figures are needed', () => {
  test('are those of the rows in sight', () => {
    const {visible, others} = needsOf(wide()) ?? {};
    expect(visible?.length).toBeGreaterThan(20);
    expect(visible?.length).toBeLessThan(40);
    expect([visible?.[0]?.pid, others]).toEqual([1_000, []]);
  });

  test('follow what is scrolled into sight', () => {
    expect(needsOf(press(wide(), 'end'))?.visible.at(-1)?.pid).toBe(1_199);
  });

  test('are none on a terminal that has no room for their columns', () => {
    expect(needsOf(stateWith(MANY, {columns: 80, rows: 24}))).toBeNull();
  });

  test('are all of the view where it is sorted by them', () => {
    const {visible, others} = needsOf(wide({sorts: {active: {column: 'cpu', descending: true}}})) ?? {};
    expect((visible?.length ?? 0) + (others?.length ?? 0)).toBe(200);
  });

  test('are that of the inspected session alone', () => {
    const state = press(stateWith(MANY, {columns: 80, rows: 24}), 'down', 'enter');
    expect(needsOf(state)).toMatchObject({visible: [{pid: 1_001}], others: []});
  });

  test('are asked for before the first data too: whether they can be known is decided then', () => {
    expect(needsOf({...wide(), shown: null, latest: null})).toEqual({visible: [], others: []});
  });
});
