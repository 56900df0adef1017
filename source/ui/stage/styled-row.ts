import {textWidth} from '../../model/text-width.ts';
import {type Run, readRuns} from './sgr.ts';

/** One row of the screen, in UTF-16 units. Nothing stands behind its end. */
export type StyledRow = {
  readonly text: string;
  /** All of the text, from left to right; no two neighbours look the same. */
  readonly runs: readonly Run[];
  /** The looks that are still on at its end; empty when everything was turned off again. */
  readonly left: string;
  /** How many cells it takes. */
  readonly cells: number;
  /** How many units at its beginning take exactly one cell each on every terminal, so that a unit's place is its column. */
  readonly narrowLength: number;
};

/** Not one cell everywhere and by itself: wide characters, marks, joined emoji, and scripts that a terminal may turn around. */
const NOT_NARROW =
  /[^ -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u0481\u048a-\u052f\u2010-\u2027\u2190-\u21ff\u2400-\u2421\u2500-\u25fc]/;

function readRow(source: string): StyledRow | null {
  const read = readRuns(source);
  if (read === null) return null;
  const {runs, left} = read;
  const text = runs.map(run => run.text).join('');
  const first = text.search(NOT_NARROW);
  const isNarrow = first === -1;
  return {
    text,
    runs,
    left,
    cells: isNarrow ? text.length : textWidth(text),
    // A mark belongs to the character before it.
    narrowLength: isNarrow ? text.length : Math.max(0, first - 1),
  };
}

/** Rows read before: a row is measured, composed and compared twice, and most rows of a frame were in the one before. */
const REMEMBERED = 500;
let recent = new Map<string, StyledRow | null>();
let older = new Map<string, StyledRow | null>();

/** A row with its sequences read. Null for one that holds a sequence that is not known here. */
export function styledRow(source: string): StyledRow | null {
  const known = recent.get(source) ?? older.get(source);
  const row = known === undefined ? readRow(source) : known;
  if (recent.size >= REMEMBERED) {
    older = recent;
    recent = new Map();
  }
  recent.set(source, row);
  return row;
}
