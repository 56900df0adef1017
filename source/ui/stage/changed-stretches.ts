import type {StyledRow} from './styled-row.ts';

/** Units of a row, half-open. */
export type Stretch = {readonly from: number; readonly to: number};

/** Where two rows differ in a character or a look, from left to right. Behind the end of a row there are plain blanks. */
export function changedStretches(before: StyledRow, after: StyledRow): readonly Stretch[] {
  const stretches: {from: number; to: number}[] = [];
  const note = (from: number, to: number) => {
    const last = stretches.at(-1);
    if (last?.to === from) last.to = to;
    else stretches.push({from, to});
  };
  const end = Math.max(before.text.length, after.text.length);
  let old = 0;
  let now = 0;
  for (let at = 0; at < end; ) {
    const oldEnd = runEnd(before, old);
    const nowEnd = runEnd(after, now);
    const stop = Math.min(oldEnd, nowEnd, end);
    if (looksOf(before, old) === looksOf(after, now)) {
      for (; at < stop; at++) if (unitAt(before, at) !== unitAt(after, at)) note(at, at + 1);
    } else {
      note(at, stop);
    }
    at = stop;
    if (oldEnd === stop) old++;
    if (nowEnd === stop) now++;
  }
  return stretches;
}

const BLANK = ' '.charCodeAt(0);

function unitAt({text}: StyledRow, at: number): number {
  return at < text.length ? text.charCodeAt(at) : BLANK;
}

function looksOf({runs}: StyledRow, run: number): string {
  return runs[run]?.looks ?? '';
}

/** Where a run ends; what is behind the last one has no end. */
function runEnd({runs, text}: StyledRow, run: number): number {
  return runs[run + 1]?.start ?? (run < runs.length ? text.length : Number.POSITIVE_INFINITY);
}
