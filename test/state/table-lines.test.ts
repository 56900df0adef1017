import {describe, expect, test} from 'vitest';
import {DEFAULT_THRESHOLDS} from '../../source/model/thresholds.ts';
import {screenModel} from '../../source/state/screen-model.ts';
import type {State} from '../../source/state/state.ts';
import {BLOCKED, hidden, QUIET, running, server, snapshot} from '../helpers/snapshots.ts';
import {
  blankState,
  dispatched,
  pidsOf,
  press,
  regionTexts,
  START_MS,
  stateWith,
  write,
} from '../helpers/states.ts';

const tableOf = (state: State) => regionTexts(state, 'table').filter(text => text !== '');

/** The marks of the table's lines. */
function marksOf(state: State): readonly unknown[] {
  const model = screenModel(state);
  if (model.type !== 'regions') throw new Error('there is no table');
  return model.regions.find(({name}) => name === 'table')?.lines.map(({mark}) => mark) ?? [];
}

test('a table with what is to be seen at a glance', () => {
  expect(tableOf(press(stateWith(BLOCKED, {columns: 120, rows: 40}), '5'))).toMatchInlineSnapshot(`
    [
      "    PID USER  DATABASE  APP     CLIENT   STATE      WAIT             TIME▾  BLK QUERY",
      "    201 alice shop      web     10.0.0.7 idle tx                   !10m00s    3 SELECT * FROM orders",
      "    202 bob   shop      migrate 10.0.0.7 active     Lock:relation   !1m00s    2 ALTER TABLE orders ADD x int",
      "    203 alice shop      web     10.0.0.7 active     Lock:relation     !40s      SELECT count(*) FROM orders",
      "    204 alice shop      web     10.0.0.7 active     Lock:relation     !30s      UPDATE orders SET paid = true",
      "    205 alice bank      web     10.0.0.7 active                       5.0s      SELECT now()",
      "    206 alice shop      web     10.0.0.7 idle                                   COMMIT",
    ]
  `);
});

test('a wide table', () => {
  const data = snapshot({
    backends: [running(7, 1, {queryId: '-9223372036854775807', backendXid: '812', backendXmin: '811'})],
  });
  expect(tableOf(press(stateWith(data, {columns: 180, rows: 24}), 'v'))).toMatchInlineSnapshot(`
    [
      "    PID USER  DATABASE APP  CLIENT   STATE   WAIT           TIME▾  BLK  CPU%   RSS  READ/s  WRITE/s      XID     XMIN TYPE                    QUERYID QUERY",
      "      7 alice shop     web  10.0.0.7 active                  1.0s                                        812      811 client ba+ -9223372036854775807 SELECT 1",
    ]
  `);
});

describe('the heading', () => {
  test.each([
    [[], 'TIME▾'],
    [['I'], 'TIME▴'],
    [['d'], 'XACT▾'],
    [['d', 'd'], 'STATE▾'],
    [['d', 'd', 'd'], 'SESSION'],
    [['>'], 'BLK▾'],
    [['f6', 'p', 'enter'], 'PID▴'],
  ])('after %j marks the sort: %s', (keys, title) => {
    expect(tableOf(press(stateWith(), ...keys))[0]).toContain(title);
  });
});

describe('a table without rows says', () => {
  test.each<[string, State, string]>([
    ['that it waits for data', blankState(), 'waiting for the first data'],
    ['how to see all', stateWith(snapshot()), '5 shows all'],
    ['that nobody waits', press(stateWith(QUIET), '2'), 'nobody waits for a lock'],
    ['that nobody is blocked', press(stateWith(QUIET), '3'), 'nobody waits for a lock'],
    ['that the filter hides them', write(press(stateWith(QUIET), '/'), 'nonsense'), 'Esc clears it'],
    ['that the pick hides them', stateWith(QUIET, {user: 'nobody'}), 'Esc clears it'],
  ])('%s', (_, state, words) => {
    expect(tableOf(state)[1]).toContain(words);
  });
});

describe('wrapped queries', () => {
  const long = `SELECT ${Array.from({length: 40}, (_, index) => `column_${index}`).join(', ')} FROM t`;
  const state = press(stateWith(snapshot({backends: [running(1, 9, {query: long}), running(2, 5)]})), 'w');

  test('take several lines, of which the first alone has the other cells', () => {
    const lines = tableOf(state);
    expect(lines.filter(text => /^ +1 alice/.test(text))).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.length).toBeLessThanOrEqual(8);
  });

  test('under the cursor are marked on each of their lines', () => {
    const marks = marksOf(state).filter(mark => mark === 'cursor');
    expect(marks.length).toBe(tableOf(state).length - 2);
  });
});

describe('the row under the cursor', () => {
  test('is marked, and otherwise while the tree has the focus', () => {
    expect(marksOf(press(stateWith(BLOCKED), 'down')).indexOf('cursor')).toBe(2);
    expect(marksOf(press(stateWith(BLOCKED), 'down', 'tab')).indexOf('cursor-elsewhere')).toBe(2);
  });

  test('is the only one that is marked', () => {
    expect(marksOf(stateWith(BLOCKED)).filter(mark => mark === 'cursor')).toHaveLength(1);
  });
});

test('old data are dimmed, every row of them', () => {
  const model = screenModel(dispatched(stateWith(), {type: 'clock-ticked', atMs: START_MS + 60_000}));
  if (model.type !== 'regions') throw new Error('there is no table');
  const table = model.regions.find(({name}) => name === 'table')?.lines ?? [];
  expect(table.filter(({isStale}) => isStale)).toHaveLength(3);
});

test('a hidden session is called hidden and keeps its pid and role', () => {
  expect(tableOf(stateWith(snapshot({backends: [hidden(7)]})))[1]).toMatch(/^ +7 alice +shop .*hidden/);
});

test('with --ascii the cells hold ASCII alone', () => {
  const data = snapshot({backends: [running(1, 1, {usename: 'żółw', query: "SELECT '注文 — “x”…'"})]});
  const [, row = ''] = tableOf(stateWith(data, {options: {isAscii: true}}));
  expect(row).toMatch(/^[ -~]*$/);
  expect(row).toContain('zo');
});

describe('figures of processes', () => {
  const figures = {cpuShare: 0.275, memoryBytes: 7_549_747, readPerSecond: 0, writePerSecond: 13_631_488};
  const known = {source: 'host', whyNot: null, whyNotIo: null} as const;
  const backends = [running(7, 9), running(8, 3)];

  test('have their columns where they can be known, blank while a process has not been read yet', () => {
    const data = snapshot({backends, processes: {...known, figures: [[7, figures]]}});
    expect(tableOf(stateWith(data, {columns: 160, rows: 24})).slice(0, 3)).toMatchInlineSnapshot(`
      [
        "    PID USER  DATABASE  APP  CLIENT   STATE      WAIT              TIME▾  BLK  CPU%   RSS  READ/s  WRITE/s QUERY",
        "      7 alice shop      web  10.0.0.7 active                        9.0s       27.5  7.2M      0B      13M SELECT 1",
        "      8 alice shop      web  10.0.0.7 active                        3.0s                                   SELECT 1",
      ]
    `);
  });

  test('are sorted by, those that are known first', () => {
    const data = snapshot({
      backends,
      processes: {...known, figures: [[8, figures]]},
    });
    const sorts = {active: {column: 'cpu', descending: true}} as const;
    expect(pidsOf(stateWith(data, {columns: 160, sorts}))).toEqual([8, 7]);
  });

  test('have no columns where they cannot be known but in the wide layout, and F1 says why', () => {
    const none = {source: null, figures: [], whyNot: 'the server refuses', whyNotIo: null};
    const state = stateWith(snapshot({backends, processes: none}), {columns: 240, rows: 200});
    expect(tableOf(state)[0]).not.toContain('CPU%');
    expect(tableOf(press(state, 'v'))[1]).toContain('n/a   n/a     n/a      n/a');
    const help = regionTexts(press(state, 'f1'), 'page').filter(text => text.includes('n/a now'));
    expect(help.map(text => text.trim().split(' ')[0])).toEqual(['CPU%', 'RSS', 'READ/s', 'WRITE/s']);
  });

  test('of storage alone are n/a where only they cannot be known', () => {
    const unknown = {...figures, readPerSecond: undefined, writePerSecond: undefined};
    const data = snapshot({
      backends,
      processes: {...known, whyNotIo: 'not this user', figures: [[7, unknown]]},
    });
    expect(tableOf(stateWith(data, {columns: 160, rows: 24}))[1]).toMatch(/27\.5 +7\.2M +n\/a +n\/a/);
  });
});

describe('a session that crosses a threshold', () => {
  const data = snapshot({backends: [running(7, 400), running(8, 3)]});

  test('has a mark before its time, and inspect says which threshold it is', () => {
    const state = stateWith(data, {columns: 100, rows: 24});
    expect(tableOf(state)[1]).toContain(' !6m40s');
    expect(tableOf(state)[2]).not.toContain('!');
    expect(regionTexts(press(state, 'enter'), 'page').find(text => text.includes('marked'))).toContain(
      'runs its query for 6m40s',
    );
  });

  test('has none when that is switched off', () => {
    const thresholds = {...DEFAULT_THRESHOLDS, query: null};
    expect(tableOf(stateWith(data, {options: {thresholds}})).join()).not.toContain('!');
  });
});

test('connections that are nearly used up have a mark in the header', () => {
  const data = snapshot({backends: [running(7, 1), running(8, 3)], server: server({maxConnections: 4})});
  const headerOf = (connections: number) =>
    regionTexts(stateWith(data, {options: {thresholds: {...DEFAULT_THRESHOLDS, connections}}}), 'header')[1];
  expect([headerOf(0.7), headerOf(0.8)]).toEqual([
    expect.stringMatching(/^Connections 3\/4! /),
    expect.stringMatching(/^Connections 3\/4 /),
  ]);
});
