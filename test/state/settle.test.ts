import {describe, expect, test} from 'vitest';
import type {Snapshot} from '../../source/model/snapshot.ts';
import type {Action} from '../../source/state/action.ts';
import {cursorIndex} from '../../source/state/cursor.ts';
import {regionsOf} from '../../source/state/regions.ts';
import {tableHeights} from '../../source/state/row-heights.ts';
import {settle} from '../../source/state/settle.ts';
import type {State} from '../../source/state/state.ts';
import {tableRows} from '../../source/state/table-rows.ts';
import {treeRows} from '../../source/state/tree-rows.ts';
import {randomFrom} from '../helpers/random.ts';
import {BLOCKED, QUIET, running, snapshot} from '../helpers/snapshots.ts';
import {collect, dispatched, press, stateWith} from '../helpers/states.ts';

const pidAt = (state: State) => tableRows(state)[state.tableCursor.index]?.backend.pid;

describe('the cursor of the table', () => {
  const on102 = press(stateWith(QUIET), 'down');

  test.each<[string, Snapshot, number | undefined, number]>([
    ['follows its session up', snapshot({backends: [running(102, 900), running(103, 300)]}), 102, 0],
    [
      'follows its session down',
      snapshot({backends: [running(102, 1), running(103, 300), running(101, 9)]}),
      102,
      2,
    ],
    ['stays near when its session ends', snapshot({backends: [running(101, 1), running(103, 300)]}), 101, 1],
    ['goes to the last row when only fewer are left', snapshot({backends: [running(103, 300)]}), 103, 0],
    [
      'does not follow the pid into another session',
      snapshot({backends: [running(102, 900, {backendStart: 1}), running(103, 1)]}),
      103,
      1,
    ],
  ])('%s', (_, data, pid, index) => {
    const state = collect({...on102, frozen: null}, data);
    expect([pidAt(state), state.tableCursor.index]).toEqual([pid, index]);
  });

  test('finds its session again that was not there for a refresh', () => {
    const state = collect(collect(on102, snapshot({backends: [running(103, 1)]})), QUIET);
    expect(pidAt(state)).toBe(102);
  });

  test('survives a refresh without any session', () => {
    expect(pidAt(collect(collect(on102, snapshot()), QUIET))).toBe(102);
  });

  test('stays on the first row, whichever that is, until it is moved', () => {
    const state = collect(stateWith(QUIET), snapshot({backends: [running(9, 900), running(103, 300)]}));
    expect(pidAt(state)).toBe(9);
  });

  test('is on the first row of a view that was chosen', () => {
    expect(press(on102, '5').tableCursor).toMatchObject({index: 0, top: 0});
  });
});

describe('the focus', () => {
  test('goes back to the table when the tree closes', () => {
    const inTree = press(stateWith(BLOCKED), 'tab');
    expect([inTree.focus, collect(inTree, QUIET).focus, press(inTree, 't').focus]).toEqual([
      'tree',
      'table',
      'table',
    ]);
  });
});

const MANY = snapshot({
  backends: Array.from({length: 200}, (_, index) =>
    running(index + 1, index, {query: `SELECT ${'column, '.repeat(index % 40)}1 FROM t`}),
  ),
});
const SNAPSHOTS = [
  QUIET,
  BLOCKED,
  MANY,
  snapshot(),
  snapshot({backends: MANY.reading.backends.slice(90)}),
] as const;
const KEYS = [
  'up',
  'down',
  'pageup',
  'pagedown',
  'home',
  'end',
  'w',
  't',
  'tab',
  '1',
  '2',
  '5',
  '#',
  'I',
  'v',
  '-',
  '+',
  'k',
  'n',
  'escape',
] as const;
const COLUMNS = [40, 80, 120, 300] as const;
const ROWS = [10, 11, 24, 60] as const;

/** Where 2,000 random steps lead. */
function* wander(seed: number): Generator<State> {
  const random = randomFrom(seed);
  let state = stateWith(MANY);
  for (let step = 0; step < 2000; step++) {
    const roll = random.below(12);
    const action: Action =
      roll === 0
        ? {type: 'snapshot-collected', snapshot: random.pick(SNAPSHOTS), atMs: state.nowMs + 1000}
        : roll === 1
          ? {type: 'terminal-resized', columns: random.pick(COLUMNS), rows: random.pick(ROWS)}
          : {type: 'key-pressed', key: random.pick(KEYS), atMs: state.nowMs + 1};
    state = dispatched(state, action, {type: 'frame-painted', atMs: state.nowMs + 2});
    yield state;
  }
}

describe('wherever random keys, data and sizes lead', () => {
  const states = [...wander(51)];

  test('the row of the table under the cursor is in sight', () => {
    for (const state of states) {
      const rows = tableRows(state);
      const {index, top} = state.tableCursor;
      if (rows.length === 0) continue;
      const heightOf = tableHeights(state, rows);
      const used = Array.from({length: index + 1 - top}, (_, row) => heightOf(top + row)).reduce(
        (a, b) => a + b,
        0,
      );
      expect(index).toBe(
        cursorIndex(
          state.tableCursor,
          rows.map(({key}) => key),
        ),
      );
      expect(top === index || (top < index && used <= regionsOf(state).table - 1)).toBe(true);
    }
  });

  test('the line of the tree under the cursor is in sight', () => {
    for (const state of states) {
      const room = regionsOf(state).tree - 1;
      const {index, top} = state.treeCursor;
      if (room < 1 || treeRows(state.shown, state.tree.toggled).length === 0) continue;
      expect(index).toBeGreaterThanOrEqual(top);
      expect(index).toBeLessThan(top + room);
    }
  });

  test('the table leaves no room below while rows are hidden above', () => {
    for (const state of states) {
      const rows = tableRows(state);
      const {top} = state.tableCursor;
      if (rows.length === 0 || top === 0) continue;
      const heightOf = tableHeights(state, rows);
      const below = rows.slice(top).reduce((sum, _, row) => sum + heightOf(top + row), 0);
      expect(below + heightOf(top - 1)).toBeGreaterThan(regionsOf(state).table - 1);
    }
  });

  test('a settled state stays as it is', () => {
    for (const state of states) {
      const {focus, tableCursor, treeCursor} = settle(state);
      expect({focus, tableCursor, treeCursor}).toEqual({
        focus: state.focus,
        tableCursor: state.tableCursor,
        treeCursor: state.treeCursor,
      });
    }
  });
});
