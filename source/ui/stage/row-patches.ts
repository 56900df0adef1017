import {textWidth} from '../../model/text-width.ts';
import type {Patch, PatchRun} from './patch.ts';
import type {StyledRow} from './styled-row.ts';

/** Up to so many unchanged cells between two changed ones are written again: going over them takes as many bytes. */
const WRITTEN_OVER = 4;

/** What turns one row on the screen into another, from left to right. */
export function rowPatches(row: number, before: StyledRow, after: StyledRow): readonly Patch[] {
  const tail = tailStart(before, after);
  const patches = cellPatches(row, before, after, tail ?? Math.max(before.text.length, after.text.length));
  if (tail !== null && !isSameFrom(tail, before, after)) patches.push(tailPatch(row, after, tail));
  return patches;
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

/** Where a character takes no cell or two, columns are the terminal's own business: all from there is written anew. */
function tailPatch(row: number, after: StyledRow, column: number): Patch {
  const runs = runsOf(after, column, after.text.length, textWidth);
  return {row, column, erases: true, runs, lead: ''};
}

function cellPatches(row: number, before: StyledRow, after: StyledRow, end: number): Patch[] {
  const patches: Patch[] = [];
  const last = Math.min(end, after.text.length);
  for (let at = nextChanged(0, last, before, after); at < last; ) {
    let stop = at + 1;
    let next = nextChanged(stop, last, before, after);
    while (next < last && next - stop <= WRITTEN_OVER) {
      stop = next + 1;
      next = nextChanged(stop, last, before, after);
    }
    const runs = runsOf(after, at, stop, lengthOf);
    patches.push({row, column: at, erases: false, runs, lead: leadOf(after, at)});
    at = next;
  }
  const rest = nextChanged(last, end, before, after);
  if (rest < end) patches.push({row, column: rest, erases: true, runs: [], lead: ''});
  return patches;
}

/** The first cell from `at` on that differs; `end` when none before it does. */
function nextChanged(at: number, end: number, before: StyledRow, after: StyledRow): number {
  let next = at;
  while (next < end && isSameCell(next, before, after)) next++;
  return next;
}

/** A longer one is gone past with as few bytes. */
const LONGEST_LEAD = 3;

function leadOf({text, looks}: StyledRow, at: number): string {
  let from = at;
  while (from > 0 && at - from < LONGEST_LEAD && looks[from - 1] === looks[at]) from--;
  return text.slice(from, at);
}

const lengthOf = ({length}: string) => length;

/** The units of a row from `from` to `to`. */
function runsOf(
  {text, looks}: StyledRow,
  from: number,
  to: number,
  cellsOf: (text: string) => number,
): readonly PatchRun[] {
  const runs: PatchRun[] = [];
  for (let at = from; at < to; ) {
    let end = at + 1;
    while (end < to && looks[end] === looks[at]) end++;
    const stretch = text.slice(at, end);
    runs.push({text: stretch, looks: looks[at] ?? '', cells: cellsOf(stretch)});
    at = end;
  }
  return runs;
}
