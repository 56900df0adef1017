import {styledRow} from './styled-row.ts';
import {styledWidth} from './styled-width.ts';

/** The part of the screen in which something shows; half-open. Undefined where it is open, which is both sides of an axis or none. */
export type Clip = {
  readonly x1: number | undefined;
  readonly x2: number | undefined;
  readonly y1: number | undefined;
  readonly y2: number | undefined;
};

/** Changes a line on its way to the frame, such as giving it a colour; `index` counts the lines of its text. */
type Transformer = (line: string, index: number) => string;

/** Puts rows together from texts that stand side by side, from left to right. */
export type RowComposer = {
  /** Adds a text, whose lines stand one under another. */
  place(
    x: number,
    y: number,
    text: string,
    how: {readonly clip: Clip | undefined; readonly transformers: readonly Transformer[]},
  ): void;
  /** The rows; null for one that whole texts side by side do not make. */
  rows(): readonly (string | null)[];
};

const tighter = (
  a: number | undefined,
  b: number | undefined,
  choose: (a: number, b: number) => number,
): number | undefined => (a === undefined || b === undefined ? (a ?? b) : choose(a, b));

/** What shows inside both. */
export function intersection(outer: Clip | undefined, inner: Clip): Clip {
  return {
    x1: tighter(outer?.x1, inner.x1, Math.max),
    x2: tighter(outer?.x2, inner.x2, Math.min),
    y1: tighter(outer?.y1, inner.y1, Math.max),
    y2: tighter(outer?.y2, inner.y2, Math.min),
  };
}

/** What joins its neighbour or shows nothing: only a look at every character tells the cells of a text with that. */
const JOINS =
  /[\p{M}\p{C}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\p{Regional_Indicator}\u1100-\u11ff]/u;

type Row = {text: string; end: number; isWhole: boolean};

/** A composer for a frame of so many rows. */
export function createRowComposer(height: number): RowComposer {
  const rows: Row[] = Array.from({length: height}, () => ({text: '', end: 0, isWhole: true}));
  return {
    place(x, y, text, {clip, transformers}) {
      let isCarried = false;
      text.split('\n').forEach((line, index) => {
        const row = rows[y + index];
        // A look that goes on over the end of a line has to be carried on by who knows how.
        const isOwn = !isCarried;
        isCarried ||= styledRow(line)?.left !== '';
        if (row === undefined || isOutside(y + index, clip)) return;
        const transformed = transformers.reduce((before, transform) => transform(before, index), line);
        if (transformed === '') return;
        if (!isOwn || isCut(x, line, clip) || !append(row, x, transformed)) row.isWhole = false;
      });
    },
    rows: () => rows.map(({text, isWhole}) => (isWhole ? text.trimEnd() : null)),
  };
}

function isOutside(y: number, clip: Clip | undefined): boolean {
  return y < (clip?.y1 ?? y) || y >= (clip?.y2 ?? y + 1);
}

function isCut(x: number, line: string, clip: Clip | undefined): boolean {
  if (clip?.x1 === undefined && clip?.x2 === undefined) return false;
  const end = x + styledWidth(line);
  return x < (clip.x1 ?? x) || end > (clip.x2 ?? end);
}

/** Puts a line behind what stands in its row. False when it does not simply follow. */
function append(row: Row, x: number, line: string): boolean {
  const styled = styledRow(line);
  if (styled === null || styled.left !== '' || !Number.isInteger(x) || x < row.end) return false;
  if (styled.narrowLength < styled.text.length && JOINS.test(styled.text)) return false;
  row.text += ' '.repeat(x - row.end) + line;
  row.end = x + styled.cells;
  return true;
}
