import {describe, expect, test} from 'vitest';
import type {State} from '../../source/state/state.ts';
import {isTreeOpen, treeRows} from '../../source/state/tree-rows.ts';
import {held, heldPrepared, ofAdvisory, wanted} from '../helpers/locks.ts';
import {BLOCKED, NOW, preparedXact, QUIET, running, snapshot} from '../helpers/snapshots.ts';
import {collect, messageOf, press, regionTexts, stateWith} from '../helpers/states.ts';

const paths = (state: State) => treeRows(state.shown, state.tree.collapsed).map(({path}) => path);
const ALL = ['/201', '/201/202', '/201/202/203', '/201/202/204'];

describe('the lines of the tree', () => {
  test('are the forest from its roots down', () => {
    expect(paths(stateWith(BLOCKED))).toEqual(ALL);
  });

  test('are none before the first data and while nobody waits', () => {
    expect([treeRows(null, new Set()), treeRows(QUIET, new Set())]).toEqual([[], []]);
  });

  test('know where a guide goes on downwards', () => {
    const guides = treeRows(BLOCKED, new Set()).map(row => row.guides);
    expect(guides).toEqual([[], [false], [false, true], [false, false]]);
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

  test('are as deep as a queue of 500 that each wait for the one before', () => {
    const locks = Array.from({length: 500}, (_, pid) => [
      held(pid, 'ExclusiveLock', ofAdvisory(pid)),
      wanted(pid + 1, NOW, 'ExclusiveLock', ofAdvisory(pid)),
    ]).flat();
    expect(treeRows(snapshot({locks}), new Set()).at(-1)?.depth).toBe(500);
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
    expect(press(onLast, '-').tree.collapsed.size).toBe(0);
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
