import {changedStretches, type Stretch} from './changed-stretches.ts';
import type {Patch, PatchRun} from './patch.ts';
import type {StyledRow} from './styled-row.ts';

/** Up to so many unchanged cells between two changed ones are written again: going over them takes as many bytes. */
const WRITTEN_OVER = 4;

/** What turns one row on the screen into another, from left to right. */
export function rowPatches(row: number, before: StyledRow, after: StyledRow): readonly Patch[] {
  const changed = changedStretches(before, after);
  const narrow = Math.min(before.narrowLength, after.narrowLength);
  const isNarrow = [before, after].every(({narrowLength, text}) => narrowLength === text.length);
  // Where a character takes no cell or two, columns are the terminal's own business: all from there is written anew.
  const restsAt = isNarrow ? after.text.length : narrow;
  const patches = cellPatches(row, after, changed, restsAt);
  const rest = changed.find(({to}) => to > restsAt);
  if (rest === undefined) return patches;
  const column = isNarrow ? Math.max(rest.from, restsAt) : restsAt;
  return [
    ...patches,
    {row, column, erases: true, runs: runsOf(after, column, Number.POSITIVE_INFINITY, endless), lead: ''},
  ];
}

/** What is written up to `end`, where each unit has a cell. */
function cellPatches(
  row: number,
  after: StyledRow,
  changed: readonly Stretch[],
  end: number,
): readonly Patch[] {
  return bridged(
    after,
    changed.filter(({from}) => from < end),
  ).map(({from, to}) => ({
    row,
    column: from,
    erases: false,
    runs: runsOf(after, from, Math.min(to, end), lengthOf),
    lead: leadOf(after, from),
  }));
}

/** The same stretches, those that are near each other in one look as one. */
function bridged({runs}: StyledRow, stretches: readonly Stretch[]): readonly Stretch[] {
  const runAt = (at: number) => runs.findLastIndex(({start}) => start <= at);
  const joined: Stretch[] = [];
  for (const {from, to} of stretches) {
    const last = joined.at(-1);
    const isNear = last !== undefined && from - last.to <= WRITTEN_OVER && runAt(last.to - 1) === runAt(from);
    if (isNear) joined[joined.length - 1] = {from: last.from, to};
    else joined.push({from, to});
  }
  return joined;
}

/** A longer one is gone past with as few bytes. */
const LONGEST_LEAD = 3;

function leadOf({runs}: StyledRow, at: number): string {
  const run = runs.findLast(({start}) => start <= at);
  return run === undefined ? '' : run.text.slice(Math.max(0, at - run.start - LONGEST_LEAD), at - run.start);
}

/** Where the cursor stands after it is the terminal's own business too. */
const endless = () => Number.POSITIVE_INFINITY;

const lengthOf = ({length}: string) => length;

/** The units of a row from `from` to `to`. */
function runsOf(
  {runs}: StyledRow,
  from: number,
  to: number,
  cellsOf: (text: string) => number,
): readonly PatchRun[] {
  return runs
    .filter(({start, text}) => start < to && start + text.length > from)
    .map(({start, text, looks}) => {
      const stretch = text.slice(Math.max(0, from - start), to - start);
      return {text: stretch, looks, cells: cellsOf(stretch)};
    });
}
