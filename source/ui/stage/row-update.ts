import {textWidth} from '../../model/text-width.ts';
import type {Pen} from './pen.ts';
import type {StyledRow} from './styled-row.ts';

/** Up to so many unchanged cells between two changed ones are written again: going over them takes as many bytes. */
const WRITTEN_OVER = 4;

/** Turns one row on the screen into another by writing what differs. */
export function updateRow(pen: Pen, y: number, before: StyledRow, after: StyledRow): void {
  const tail = tailStart(before, after);
  updateCells(pen, y, before, after, tail ?? Math.max(before.text.length, after.text.length));
  if (tail === null || isSameFrom(tail, before, after)) return;
  // Where a character takes no cell or two, columns are the terminal's own business: all from there is written anew.
  pen.moveTo(y, tail);
  pen.eraseRest();
  for (let at = tail; at < after.text.length; ) {
    const end = runEnd(after, at, after.text.length);
    const text = after.text.slice(at, end);
    pen.write(text, after.looks[at] ?? '', textWidth(text));
    at = end;
  }
}

/** Where the rows stop having a cell for each unit; null when they never do. */
function tailStart(before: StyledRow, after: StyledRow): number | null {
  const isNarrow = [before, after].every(row => row.narrowLength === row.text.length);
  return isNarrow ? null : Math.min(before.narrowLength, after.narrowLength);
}

function isSameFrom(from: number, before: StyledRow, after: StyledRow): boolean {
  if (before.text.length !== after.text.length) return false;
  for (let at = from; at < after.text.length; at++) if (!isSameCell(at, before, after)) return false;
  return true;
}

/** Behind the end of a row there are plain blanks. */
function isSameCell(at: number, before: StyledRow, after: StyledRow): boolean {
  return (
    (before.text[at] ?? ' ') === (after.text[at] ?? ' ') &&
    (before.looks[at] ?? '') === (after.looks[at] ?? '')
  );
}

/** The end of the stretch that looks as its first unit does, at most `limit`. */
function runEnd({looks}: StyledRow, from: number, limit: number): number {
  let end = from + 1;
  while (end < limit && looks[end] === looks[from]) end++;
  return end;
}

function updateCells(pen: Pen, y: number, before: StyledRow, after: StyledRow, end: number): void {
  const last = Math.min(end, after.text.length);
  for (let at = 0; at < end; at++) {
    if (isSameCell(at, before, after)) continue;
    if (at >= after.text.length) {
      pen.moveTo(y, at);
      pen.eraseRest();
      return;
    }
    const from = bridgedFrom(pen, y, after, at);
    pen.moveTo(y, from);
    let stop = at + 1;
    const limit = runEnd(after, at, last);
    while (stop < limit && !isSameCell(stop, before, after)) stop++;
    pen.write(after.text.slice(from, stop), after.looks[at] ?? '', stop - from);
    at = stop - 1;
  }
}

/** The column to write from so that a changed cell is reached: the pen's own when it is just before it in the same look. */
function bridgedFrom(pen: Pen, y: number, after: StyledRow, at: number): number {
  const column = pen.columnIn(y);
  if (column === null || column >= at || at - column > WRITTEN_OVER) return at;
  const looks = after.looks[at];
  return looks === pen.looks() && after.looks.slice(column, at).every(each => each === looks) ? column : at;
}
