import {describe, expect, test} from 'vitest';
import {type NeededWidths, type PlacedColumn, placeColumns} from '../../source/model/column-widths.ts';
import {COLUMNS, LAYOUTS} from '../../source/model/columns.ts';
import {randomFrom} from '../helpers/random.ts';

const WIDTHS = Array.from({length: 261}, (_, index) => index + 40);
const ids = (placed: readonly PlacedColumn[]) => placed.map(({column}) => column.id);
const total = (placed: readonly PlacedColumn[]) => placed.reduce((sum, {width}) => sum + width + 1, -1);

describe.each(LAYOUTS)('the %s layout at every width from 40 to 300', layout => {
  const all = WIDTHS.map(width => ({width, placed: placeColumns(layout, width)}));

  test('fills the line exactly, one cell between columns', () => {
    for (const {width, placed} of all) expect([width, total(placed)]).toEqual([width, width]);
  });

  test('gives no column less than its least or more than its greatest width', () => {
    for (const {placed} of all) {
      for (const {column, width} of placed) {
        expect(width).toBeGreaterThanOrEqual(column.min);
        expect(width).toBeLessThanOrEqual(column.max);
      }
    }
  });

  test('keeps the columns in their order, with pid first and the query last', () => {
    const order = COLUMNS.map(({id}) => id);
    for (const {placed} of all) {
      expect(order.filter(id => ids(placed).includes(id))).toEqual(ids(placed));
      expect([ids(placed)[0], ids(placed).at(-1)]).toEqual(['pid', 'query']);
    }
  });

  test('leaves out no column for one of a lower rank', () => {
    for (const {placed} of all) {
      const least = Math.min(...placed.map(({column}) => column.rank));
      const missing = COLUMNS.filter(
        ({id, from}) => LAYOUTS.indexOf(from) <= LAYOUTS.indexOf(layout) && !ids(placed).includes(id),
      );
      for (const {rank} of missing) expect(rank).toBeLessThan(least);
    }
  });

  test('leaves out no column that would have found room', () => {
    for (const {width, placed} of all) {
      const wanted = COLUMNS.filter(
        ({from, isOfProcess}) =>
          LAYOUTS.indexOf(from) <= LAYOUTS.indexOf(layout) && (layout === 'wide' || !isOfProcess),
      );
      const next = wanted.filter(({id}) => !ids(placed).includes(id)).toSorted((a, b) => b.rank - a.rank)[0];
      if (next === undefined) continue;
      const least = placed.reduce((sum, {column}) => sum + column.min + 1, next.min);
      expect(least).toBeGreaterThan(width);
    }
  });

  test('loses no column and no cell of one while the columns stay the same and the line grows', () => {
    for (const [index, {placed}] of all.entries()) {
      const before = all[index - 1]?.placed;
      if (before === undefined || ids(before).join() !== ids(placed).join()) continue;
      for (const [place, {width}] of placed.entries())
        expect(width).toBeGreaterThanOrEqual(before[place]?.width ?? 0);
    }
  });

  test('keeps a third of the line for the query, as far as the others have their least', () => {
    for (const {width, placed} of all) {
      const hasGrown = placed.some(({column, width: cells}) => column.id !== 'query' && cells > column.min);
      const query = placed.at(-1)?.width ?? 0;
      if (hasGrown) expect(query).toBeGreaterThanOrEqual(Math.floor(width / 3));
    }
  });
});

test.each([
  ['narrow', 120, 'pid user database state wait time blk query'],
  ['normal', 120, 'pid user database app client state wait time blk query'],
  [
    'wide',
    200,
    'pid user database app client state wait time blk cpu rss read write xid xmin type queryid query',
  ],
  ['normal', 40, 'pid time blk query'],
] as const)('the %s layout at %d has the columns %s', (layout, width, expected) => {
  expect(ids(placeColumns(layout, width)).join(' ')).toBe(expected);
});

test.each([
  ['narrow', 100, 'pid user database state wait time blk cpu query'],
  ['normal', 80, 'pid user database state wait time blk query'],
  ['normal', 120, 'pid user database app client state wait time blk cpu query'],
  ['normal', 160, 'pid user database app client state wait time blk cpu rss read write query'],
] as const)('with figures of processes the %s layout at %d has the columns %s', (layout, width, expected) => {
  expect(ids(placeColumns(layout, width, {}, {hasFigures: true})).join(' ')).toBe(expected);
});

test('figures of processes leave the query its room at every width', () => {
  for (const width of WIDTHS) {
    const placed = placeColumns('normal', width, {}, {hasFigures: true});
    const hasFigures = placed.some(({column}) => column.isOfProcess);
    expect(total(placed)).toBe(width);
    if (hasFigures) expect(placed.at(-1)?.width).toBeGreaterThanOrEqual(32);
  }
});

test.each([0, 1, 5, 10, 20])('a line of %d cells still gets a column', width => {
  expect(placeColumns('normal', width)).toHaveLength(1);
});

describe('columns that need no more room than their texts take', () => {
  const widthsOf = (needed: NeededWidths, width = 120) =>
    Object.fromEntries(
      placeColumns('normal', width, needed).map(({column, width: cells}) => [column.id, cells]),
    );

  test.each<[string, NeededWidths, string, number]>([
    ['take that and no more', {app: 12}, 'app', 12],
    ['take less than their least width when that is enough', {user: 6}, 'user', 6],
    ['keep room for their title and the arrow of the sort', {database: 1}, 'database', 9],
    ['never take more than their greatest width', {client: 99}, 'client', 15],
  ])('%s', (_, needed, id, cells) => {
    expect(widthsOf(needed, 200)[id]).toBe(cells);
  });

  test('give what they leave to the query', () => {
    expect(widthsOf({user: 5}).query).toBeGreaterThanOrEqual(widthsOf({}).query ?? 0);
  });

  test('fill the line exactly at every width, whatever they need', () => {
    const random = randomFrom(61);
    for (const width of WIDTHS) {
      const needed = {
        user: random.below(30),
        database: random.below(30),
        app: random.below(70),
        client: random.below(50),
      };
      const placed = placeColumns(random.pick(['narrow', 'normal', 'wide']), width, needed);
      expect([width, total(placed)]).toEqual([width, width]);
      for (const {column, width: cells} of placed) expect(cells).toBeGreaterThanOrEqual(column.min);
    }
  });
});
