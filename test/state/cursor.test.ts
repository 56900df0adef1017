import {describe, expect, test} from 'vitest';
import type {Step} from '../../source/state/action.ts';
import {cursorIndex, followRow, moveCursor, placeCursor, scrolledTop} from '../../source/state/cursor.ts';
import {randomFrom} from '../helpers/random.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const on = (key: string | null, index = 0) => ({key, index, top: 0});

describe('cursorIndex', () => {
  test.each([
    ['at the row it follows', on('c', 0), KEYS, 2],
    ['at the first row until it was moved', on(null, 3), KEYS, 0],
    ['where its row was, when that is gone', on('x', 3), KEYS, 3],
    ['at the last row when fewer are left', on('x', 9), KEYS, 4],
    ['nowhere without rows', on('c', 2), [], -1],
  ])('is %s', (_, cursor, keys, index) => {
    expect(cursorIndex(cursor, keys)).toBe(index);
  });
});

describe('moveCursor', () => {
  test.each<[string, Step, string | null, number, string]>([
    ['a row up', 'up', 'c', 10, 'b'],
    ['a row down', 'down', 'c', 10, 'd'],
    ['not above the first', 'up', 'a', 10, 'a'],
    ['not below the last', 'down', 'e', 10, 'e'],
    ['a page down, the last row seen being the first of the next', 'page-down', 'a', 3, 'c'],
    ['a page up', 'page-up', 'e', 3, 'c'],
    ['at least a row, however small the page', 'page-down', 'a', 1, 'b'],
    ['at least a row when there is no room at all', 'page-up', 'c', 0, 'b'],
    ['to the first', 'first', 'd', 10, 'a'],
    ['to the last', 'last', 'b', 10, 'e'],
    ['from the first row when it was not moved before', 'down', null, 10, 'b'],
  ])('goes %s', (_, step, from, height, to) => {
    expect(moveCursor(on(from), step, KEYS, height).key).toBe(to);
  });

  test('goes on from where its row was when that is gone', () => {
    expect(moveCursor(on('x', 2), 'down', KEYS, 10)).toMatchObject({key: 'd', index: 3});
  });

  test('goes nowhere without rows', () => {
    expect(moveCursor(on('c', 2), 'down', [], 10)).toMatchObject({key: null, index: 0});
  });
});

test('placeCursor follows the row it is put on', () => {
  expect(placeCursor(on('a'), 3, KEYS)).toMatchObject({key: 'd', index: 3});
});

describe('followRow', () => {
  test('notes where the row is now', () => {
    expect(followRow(on('a', 4), ['c', 'b', 'a'])).toMatchObject({key: 'a', index: 2});
  });

  test('stays near where the row was when it is gone', () => {
    expect(followRow(on('x', 9), KEYS)).toMatchObject({key: 'x', index: 4});
  });

  test('leaves the cursor as it is without rows, so that it is found again', () => {
    const cursor = on('c', 2);
    expect(followRow(cursor, [])).toBe(cursor);
  });
});

describe('scrolledTop', () => {
  const flat = () => 1;

  test.each([
    ['stays while the cursor is in sight', 3, 5, 20, 4, 3],
    ['goes down with the cursor, no further than needed', 0, 4, 20, 4, 1],
    ['goes up with the cursor', 8, 5, 20, 4, 5],
    ['leaves no empty room below', 18, 19, 20, 10, 10],
    ['is 0 when all rows fit', 3, 4, 5, 10, 0],
    ['is 0 without rows', 7, -1, 0, 10, 0],
    ['is the row of the cursor when there is room for one', 0, 9, 20, 1, 9],
    ['is the row of the cursor when there is no room', 0, 9, 20, 0, 9],
  ])('%s', (_, top, index, count, room, expected) => {
    expect(scrolledTop(top, index, count, room, flat)).toBe(expected);
  });

  test('shows a row that is higher than the room from its first line', () => {
    expect(scrolledTop(0, 2, 5, 4, row => (row === 2 ? 9 : 1))).toBe(2);
  });

  /** Random tables with rows of one to six lines, and where they were scrolled to before. */
  function cases() {
    const random = randomFrom(31);
    return Array.from({length: 3000}, () => {
      const heights = Array.from(
        {length: 1 + random.below(30)},
        () => 1 + random.below(random.pick([1, 3, 6])),
      );
      const count = heights.length;
      const index = random.below(count);
      const before = random.below(count);
      const room = 1 + random.below(20);
      const heightOf = (row: number) => heights[row] ?? 0;
      const linesOf = (from: number, to: number) =>
        heights.slice(from, to).reduce((sum, height) => sum + height, 0);
      return {
        count,
        index,
        before,
        room,
        heightOf,
        linesOf,
        top: scrolledTop(before, index, count, room, heightOf),
      };
    });
  }

  test('always has the row of the cursor wholly in sight, as far as it fits at all', () => {
    for (const {top, index, room, linesOf, heightOf} of cases()) {
      expect(top).toBeLessThanOrEqual(index);
      if (heightOf(index) <= room) expect(linesOf(top, index + 1)).toBeLessThanOrEqual(room);
      else expect(top).toBe(index);
    }
  });

  test('never leaves room at the bottom that a row hidden above would fill', () => {
    for (const {top, count, room, linesOf, heightOf} of cases()) {
      if (top > 0) expect(linesOf(top, count) + heightOf(top - 1)).toBeGreaterThan(room);
    }
  });

  test('does not move what is in sight and full', () => {
    for (const {top, before, index, count, room, linesOf} of cases()) {
      const isInSight = before <= index && linesOf(before, index + 1) <= room;
      if (isInSight && linesOf(before, count) >= room) expect(top).toBe(before);
    }
  });

  test('comes to rest at once', () => {
    for (const {top, index, count, room, heightOf} of cases())
      expect(scrolledTop(top, index, count, room, heightOf)).toBe(top);
  });
});
