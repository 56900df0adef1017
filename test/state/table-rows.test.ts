import {describe, expect, test} from 'vitest';
import {VIEWS} from '../../source/model/views.ts';
import {matchesSearch, rankOf, sortOf, tableRows} from '../../source/state/table-rows.ts';
import {session} from '../helpers/builders.ts';
import {BLOCKED, background, QUIET, running, snapshot} from '../helpers/snapshots.ts';
import {blankState, collect, pidsOf, press, stateWith, write} from '../helpers/states.ts';

/** Four sessions that run ever longer: 1, 2, 3, 4. */
const FOUR = [running(1, 10), running(2, 20), running(3, 30), running(4, 40)];
const four = (...others: readonly (typeof FOUR)[number][]) => snapshot({backends: [...FOUR, ...others]});

describe('the rows of the table', () => {
  test('are none before the first data', () => {
    expect(tableRows(blankState())).toEqual([]);
  });

  test.each([
    ['1', [201, 202, 203, 204, 205]],
    ['2', [202, 203, 204]],
    ['3', [201, 202, 203, 204]],
    ['4', [201]],
    ['5', [201, 202, 203, 204, 205, 206]],
  ])('of view %s are its sessions in its order', (key, pids) => {
    expect(pidsOf(press(stateWith(BLOCKED), key))).toEqual(pids);
  });

  test('are the same ones while they are asked for the same', () => {
    const state = stateWith(BLOCKED);
    expect(tableRows(state)).toBe(tableRows({...state, columns: 80, nowMs: 99_000}));
  });

  test.each([
    ['the picked user', {user: 'bob'}, [202]],
    ['the picked database', {database: 'bank'}, [205]],
    ['both', {user: 'bob', database: 'bank'}, []],
  ])('are those of %s', (_, picked, pids) => {
    expect(pidsOf(stateWith(BLOCKED, picked))).toEqual(pids);
  });

  test('are those that the filter holds for, in the view', () => {
    expect(pidsOf(write(press(stateWith(BLOCKED), '/'), 'orders !waiting'))).toEqual([201]);
  });

  test('of view blocking stand worst first', () => {
    const data = snapshot({backends: BLOCKED.reading.backends.toReversed(), locks: BLOCKED.reading.locks});
    expect(pidsOf(press(stateWith(data), '3')).slice(0, 2)).toEqual([201, 202]);
  });
});

describe('sortOf', () => {
  test.each(VIEWS)('is that of view $name until the user decides', ({key, sort}) => {
    expect(sortOf(press(stateWith(), key))).toEqual(sort);
  });

  test('is the choice of the user in the view it was made in', () => {
    const state = press(stateWith(), '5', '<', 'I', '1');
    expect(sortOf(state)).toEqual(VIEWS[0]?.sort);
    expect(sortOf(press(state, '5'))).toEqual({column: 'wait', descending: true});
  });
});

describe('the order after a cursor key', () => {
  const faster = snapshot({backends: [running(1, 90), running(2, 80), running(3, 70), running(4, 60)]});
  const moved = press(stateWith(four()), 'down');

  test('stands still while the ages would turn it round', () => {
    expect(pidsOf(collect(moved, faster))).toEqual([4, 3, 2, 1]);
  });

  test.each([
    [1, 60_000],
    [5, 1_000],
    [30, 200],
  ])('is made anew after some seconds, be it with %i refreshes %i ms apart', (refreshes, everyMs) => {
    let state = moved;
    for (let refresh = 0; refresh < refreshes; refresh++) {
      if (refresh * everyMs < 2_000 && refresh > 0) expect(pidsOf(state)).toEqual([4, 3, 2, 1]);
      state = collect(state, faster, state.nowMs + everyMs);
    }
    expect(pidsOf(state)).toEqual([1, 2, 3, 4]);
  });

  test('has new rows last and closes up where one has gone', () => {
    expect(pidsOf(collect(moved, snapshot({backends: [running(9, 900), ...FOUR.slice(1)]})))).toEqual([
      4, 3, 2, 9,
    ]);
  });

  test('keeps a new parallel worker under its leader', () => {
    const worker = running(8, 1, {backendType: 'parallel worker', leaderPid: 4});
    expect(pidsOf(collect(moved, four(worker)))).toEqual([4, 8, 3, 2, 1]);
  });

  test.each([['I'], ['d'], ['i'], ['>'], ['escape']])('is made anew at once by the key %s', key => {
    expect(press(moved, key).frozen).toBeNull();
  });

  test('does not stand still without a cursor key', () => {
    expect(pidsOf(collect(stateWith(four()), faster))).toEqual([1, 2, 3, 4]);
  });
});

test('rankOf tells the place of each row', () => {
  expect([...rankOf(QUIET.sessions).values()]).toEqual([0, 1, 2]);
});

describe('matchesSearch', () => {
  const backend = {pid: 4711, usename: 'Alice', datname: 'shop', applicationName: 'web', query: 'SELECT 42'};

  test.each(['4711', 'alice', 'ALICE', 'shop', 'web', '10.0.0.7', 'select 4'])('finds %s', text => {
    expect(matchesSearch(session({backend}), text)).toBe(true);
  });

  test.each(['bob', '[', '.*', ''])('does not find %j', text => {
    expect(matchesSearch(session({backend}), text)).toBe(false);
  });

  test('finds nothing that is not there', () => {
    expect(matchesSearch(session({backend: {usename: null, datname: null, clientAddr: null}}), 'null')).toBe(
      false,
    );
  });
});

test('view 5 shows background processes, which view 1 does not', () => {
  const state = stateWith(snapshot({backends: [running(1, 1), background(2, 'checkpointer')]}));
  expect([pidsOf(state), pidsOf(press(state, '5'))]).toEqual([[1], [1, 2]]);
});
