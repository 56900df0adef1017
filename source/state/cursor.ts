import type {Step} from './action.ts';
import type {Cursor} from './state.ts';

/** Where a cursor stands among rows told by their keys: at its own row, or where that row was when it is gone. -1 without rows. */
export function cursorIndex(cursor: Cursor, keys: readonly string[]): number {
  if (keys.length === 0) return -1;
  if (cursor.key === null) return 0;
  const index = keys.indexOf(cursor.key);
  return index === -1 ? Math.min(cursor.index, keys.length - 1) : index;
}

/** The cursor after a step over rows of one line each; `height` rows are visible. */
export function moveCursor(cursor: Cursor, step: Step, keys: readonly string[], height: number): Cursor {
  const last = keys.length - 1;
  const from = cursorIndex(cursor, keys);
  const to = Math.max(0, Math.min(last, from + distance(step, Math.max(1, height - 1), keys.length)));
  return placeCursor(cursor, to, keys);
}

function distance(step: Step, page: number, count: number): number {
  switch (step) {
    case 'up':
      return -1;
    case 'down':
      return 1;
    case 'page-up':
      return -page;
    case 'page-down':
      return page;
    case 'first':
      return -count;
    case 'last':
      return count;
    default:
      return step satisfies never;
  }
}

/** The cursor on the row of this index. */
export function placeCursor(cursor: Cursor, index: number, keys: readonly string[]): Cursor {
  return {...cursor, key: keys[index] ?? null, index};
}

/** The cursor with its row's present index noted, so that it stays near when the row goes. */
export function followRow(cursor: Cursor, keys: readonly string[]): Cursor {
  const index = cursorIndex(cursor, keys);
  return index === -1 ? cursor : {...cursor, index};
}

/**
 * The first visible row so that the cursor's row is wholly visible and the screen moves as little as it can. `heightOf` gives
 * the lines of a row; a row higher than the room is shown from its first line.
 */
export function scrolledTop(
  top: number,
  index: number,
  count: number,
  room: number,
  heightOf: (row: number) => number,
): number {
  if (index < 0 || count === 0) return 0;
  let first = Math.min(top, index);
  let used = 0;
  for (let row = first; row <= index; row++) used += heightOf(row);
  while (used > room && first < index) {
    used -= heightOf(first);
    first += 1;
  }
  // No empty room at the bottom while rows are hidden above.
  for (let row = index + 1; row < count && used < room; row++) used += heightOf(row);
  while (first > 0 && used + heightOf(first - 1) <= room) {
    first -= 1;
    used += heightOf(first);
  }
  return first;
}
