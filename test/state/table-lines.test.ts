import {describe, expect, test} from 'vitest';
import {screenModel} from '../../source/state/screen-model.ts';
import type {State} from '../../source/state/state.ts';
import {BLOCKED, hidden, QUIET, running, snapshot} from '../helpers/snapshots.ts';
import {blankState, dispatched, press, regionTexts, START_MS, stateWith, write} from '../helpers/states.ts';

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
      "    201 alice shop      web     10.0.0.7 idle tx                    10m00s    3 SELECT * FROM orders",
      "    202 bob   shop      migrate 10.0.0.7 active     Lock:relation    1m00s    2 ALTER TABLE orders ADD x int",
      "    203 alice shop      web     10.0.0.7 active     Lock:relation      40s      SELECT count(*) FROM orders",
      "    204 alice shop      web     10.0.0.7 active     Lock:relation      30s      UPDATE orders SET paid = true",
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
      "    PID USER  DATABASE APP  CLIENT   STATE   WAIT           TIME▾  BLK      XID     XMIN TYPE                    QUERYID QUERY",
      "      7 alice shop     web  10.0.0.7 active                  1.0s           812      811 client ba+ -9223372036854775807 SELECT 1",
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
