import {describe, expect, test} from 'vitest';
import type {State} from '../../source/state/state.ts';
import {isTreeOpen, treeRows} from '../../source/state/tree-rows.ts';
import {held, heldPrepared, ofAdvisory, ofTransaction, wanted} from '../helpers/locks.ts';
import {BLOCKED, NOW, preparedXact, QUIET, running, SECOND, snapshot} from '../helpers/snapshots.ts';
import {collect, messageOf, press, regionTexts, stateWith} from '../helpers/states.ts';

const paths = (state: State) => treeRows(state.shown, state.tree.toggled).map(({path}) => path);
const ALL = ['/201', '/201/202', '/201/202/203', '/201/202/204'];

describe('the lines of the tree', () => {
  test('are the forest from its roots down', () => {
    expect(paths(stateWith(BLOCKED))).toEqual(ALL);
  });

  test('are none before the first data and while nobody waits', () => {
    expect([treeRows(null, new Set()), treeRows(QUIET, new Set())]).toEqual([[], []]);
  });

  test('know what they hang under, and whether a guide goes on downwards', () => {
    const told = treeRows(BLOCKED, new Set()).map(row => [row.parent?.node.id, row.depth, row.isLast]);
    expect(told).toEqual([
      [undefined, 0, true],
      [201, 1, true],
      [202, 2, false],
      [202, 2, true],
    ]);
  });

  test('know the session or the prepared transaction they are about', () => {
    const locks = [
      heldPrepared(812),
      wanted(2, NOW),
      held(3, 'ShareLock', ofAdvisory(1)),
      wanted(99, NOW, 'ExclusiveLock', ofAdvisory(1)),
    ];
    const data = snapshot({
      backends: [running(2, 1), running(3, 1)],
      locks,
      preparedXacts: [preparedXact(812)],
    });
    const told = treeRows(data, new Set()).map(
      row => row.session?.backend.pid ?? row.preparedXact?.gid ?? null,
    );
    expect(told).toEqual(['payout', 2, 3, null]);
  });

  test('tell two places of one session apart', () => {
    const data = snapshot({locks: [held(1, 'ShareLock'), held(2, 'ShareLock'), wanted(3, NOW)]});
    expect(paths(stateWith(data))).toEqual(['/1', '/1/3', '/2', '/2/3']);
  });

  test('are as deep as a queue of 3,000 that each wait for the one before', () => {
    const locks = Array.from({length: 3000}, (_, pid) => [
      held(pid, 'ExclusiveLock', ofAdvisory(pid)),
      wanted(pid + 1, NOW, 'ExclusiveLock', ofAdvisory(pid)),
    ]).flat();
    expect(treeRows(snapshot({locks}), new Set()).at(-1)?.depth).toBe(3000);
  });
});

/** A writer of a row, and as many who wait for it as there are pids from 300. */
const writers = (count: number) => {
  const row = ofTransaction(812);
  const tuple = {locktype: 'tuple', page: 0, tuple: 1};
  const pids = Array.from({length: count - 1}, (_, index) => 301 + index);
  return snapshot({
    backends: [
      running(1, 90, {state: 'idle in transaction'}),
      ...[300, ...pids].map(pid => running(pid, 40)),
    ],
    locks: [
      held(1, 'ExclusiveLock', row),
      wanted(300, NOW - 40 * SECOND, 'ShareLock', row),
      held(300, 'ExclusiveLock', tuple),
      ...pids.map((pid, index) => wanted(pid, NOW - 39 * SECOND - 1000 + index, 'ExclusiveLock', tuple)),
    ],
  });
};

describe('siblings that wait for the same', () => {
  const SET = '/1/300/ExclusiveLock tuple|16384|16400|0|1|null|null|null|null|null';
  const onSet = press(stateWith(writers(7)), 'tab', 'end');

  test('share a line from five on', () => {
    expect([writers(5), writers(6)].map(data => treeRows(data, new Set()).length)).toEqual([6, 3]);
    expect(paths(onSet)).toEqual(['/1', '/1/300', SET]);
  });

  test.each(['+', 'enter'])('are told one by one after %s, and folded again by -', key => {
    const open = press(onSet, key);
    expect(paths(open).slice(2)).toEqual([
      SET,
      ...[301, 302, 303, 304, 305, 306].map(pid => `${SET}/${pid}`),
    ]);
    expect(paths(press(open, '-'))).toEqual(paths(onSet));
  });

  test('go back into their line from any of them, and the cursor with them', () => {
    const folded = press(onSet, '+', 'down', 'down', '-');
    expect([paths(folded), folded.treeCursor.key]).toEqual([paths(onSet), SET]);
  });

  test.each(['c', 'k'])('are not signalled by %s, which says how to get at one', key => {
    const asked = press(onSet, key);
    expect([asked.mode.type, messageOf(asked)]).toEqual([
      'browse',
      'This line stands for 6 sessions: + opens it, then choose one.',
    ]);
    expect(press(press(onSet, '+', 'down'), 'k').mode).toMatchObject({
      type: 'confirm',
      batch: {targets: [{target: {pid: 301}}]},
    });
  });

  test('say how many they are, since when, for what and who', () => {
    expect(regionTexts(onSet, 'tree')[3]).toBe(
      '   └─+6 sessions wait 39s for Exclusive on row (0,1) of orders · alice@shop web 6',
    );
  });

  test('keep a line of their own when somebody waits behind them', () => {
    const locks = [
      held(1),
      ...[2, 3, 4, 5, 6, 7].map(pid => wanted(pid, NOW + pid, 'AccessShareLock')),
      held(4, 'ExclusiveLock', ofAdvisory(1)),
      wanted(8, NOW, 'ExclusiveLock', ofAdvisory(1)),
    ];
    const told = treeRows(snapshot({locks}), new Set()).map(({node, set}) => set?.length ?? node.id);
    expect(told).toEqual([1, 4, 8, 5]);
  });

  test('900 of them fit a screen of 24 lines', () => {
    const lines = regionTexts(stateWith(writers(900), {columns: 80, rows: 24}), 'tree');
    expect(lines).toEqual([
      ' Lock waits · 900 waiting behind 1 root · Tab goes there',
      ' 1 blocks 900 alice@shop web idle in transaction 1m30s SELECT 1',
      ' └─300 blocks 899 alice@shop web waits 40s for Share on transaction 812, open 1+',
      '   └─+899 sessions wait 39s for Exclusive on row (0,1) of orders · alice@shop w+',
    ]);
  });
});

describe('roots behind whom the same wait', () => {
  const readers = Array.from({length: 40}, (_, index) => 10 + index);
  const data = snapshot({
    backends: readers.map(pid => running(pid, 60, {state: pid % 2 === 0 ? 'active' : 'idle in transaction'})),
    locks: [...readers.map(pid => held(pid, 'AccessShareLock')), wanted(300, NOW), wanted(301, NOW + 1)],
  });

  test('share a line under the first of them', () => {
    expect(treeRows(data, new Set()).map(({node, set}) => set?.length ?? node.id)).toEqual([
      10, 300, 301, 39,
    ]);
    expect(regionTexts(stateWith(data), 'tree').at(-1)).toBe(
      ' +39 more hold up the same 300, 301 · idle in transaction 20 · active 19',
    );
  });

  test('are told one by one when it is opened', () => {
    const open = press(stateWith(data), 'tab', 'end', '+');
    expect(treeRows(data, open.tree.toggled).length).toBe(4 + 3 * 39);
  });
});

describe('folding', () => {
  const onAlter = press(stateWith(BLOCKED), 'tab', 'down');

  test('hides what is behind the line under the cursor, and shows it again', () => {
    const folded = press(onAlter, '-');
    expect([paths(folded), paths(press(folded, '+'))]).toEqual([ALL.slice(0, 2), ALL]);
  });

  test('stays from refresh to refresh', () => {
    expect(paths(collect(press(onAlter, '-'), BLOCKED))).toEqual(ALL.slice(0, 2));
  });

  test('does not touch the interval while the tree has the focus', () => {
    expect(press(onAlter, '-', '+').intervalMs).toBe(onAlter.intervalMs);
  });

  test('leaves a line without waiters as it is', () => {
    const onLast = press(onAlter, 'end');
    expect(press(onLast, '-').tree.toggled.size).toBe(0);
  });

  test('is marked by a plus', () => {
    expect(regionTexts(press(onAlter, '-'), 'tree').some(text => text.includes('+202'))).toBe(true);
  });
});

describe('the panel', () => {
  test('opens by itself when somebody begins to wait, and closes when nobody waits', () => {
    const states = [stateWith(QUIET), collect(stateWith(QUIET), BLOCKED), collect(stateWith(BLOCKED), QUIET)];
    expect(states.map(isTreeOpen)).toEqual([false, true, false]);
  });

  test('closed by hand does not open by itself', () => {
    const closed = press(stateWith(BLOCKED), 't');
    expect([isTreeOpen(closed), isTreeOpen(collect(collect(closed, QUIET), BLOCKED))]).toEqual([
      false,
      false,
    ]);
  });

  test('opened by hand stays open while nobody waits, and says so', () => {
    const open = press(stateWith(QUIET), 't');
    expect(isTreeOpen(collect(open, QUIET))).toBe(true);
    expect(regionTexts(open, 'tree').join()).toContain('nobody waits for a lock');
  });

  test.each(['t', 'f5'])('is opened and closed by %s', key => {
    const open = press(stateWith(QUIET), key);
    expect([isTreeOpen(open), isTreeOpen(press(open, key))]).toEqual([true, false]);
  });

  test('is entered and left by Tab and S-Tab', () => {
    const state = stateWith(BLOCKED);
    expect(
      [press(state, 'tab'), press(state, 'tab', 'tab'), press(state, 'tab', 'shift+tab')].map(
        ({focus}) => focus,
      ),
    ).toEqual(['tree', 'table', 'table']);
  });

  test('that is closed is not entered: t opens it', () => {
    const state = press(stateWith(QUIET), 'tab');
    expect([state.focus, messageOf(state)]).toEqual(['table', expect.stringContaining('t opens it')]);
  });
});

describe('the cursor of the tree', () => {
  const at = (state: State) => paths(state)[state.treeCursor.index];
  const on203 = press(stateWith(BLOCKED), 'tab', 'down', 'down');

  test('moves over its lines and leaves the cursor of the table alone', () => {
    expect([at(on203), on203.tableCursor.index]).toEqual(['/201/202/203', 0]);
  });

  test('follows its line', () => {
    const other = held(1, 'ExclusiveLock', ofAdvisory(1));
    const queue = [5, 6, 7, 8].map(pid => wanted(pid, NOW + pid, 'ExclusiveLock', ofAdvisory(1)));
    const more = snapshot({
      backends: BLOCKED.reading.backends,
      locks: [...BLOCKED.reading.locks, other, ...queue],
    });
    expect(at(collect(on203, more))).toBe('/201/202/203');
  });

  test('stays near when its line is gone', () => {
    const locks = BLOCKED.reading.locks.filter(({pid}) => pid !== 203);
    expect(at(collect(on203, snapshot({backends: BLOCKED.reading.backends, locks})))).toBe('/201/202/204');
  });
});
