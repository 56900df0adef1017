/** A cell of the screen; rows and columns count from 0. */
export type Place = {readonly row: number; readonly column: number};

/** What begins a control sequence. */
export const CSI = '\u001b[';

/** A number as a sequence takes it: 1 goes without saying. */
export const count = (number: number): string => (number === 1 ? '' : String(number));

/** The fewest bytes that take the cursor from a place, which is null when it is not known, to another. */
export function wayTo(from: Place | null, to: Place): string {
  if (from === null || from.row > to.row) return address(to);
  const near = downwards(to.row - from.row) + sideways(from.column, to.column);
  if (near.length <= SHORTEST_ADDRESS) return near;
  const far = address(to);
  return near.length < far.length ? near : far;
}

/** That of the first column; the first cell has a shorter one, but nothing is above it. */
const SHORTEST_ADDRESS = 4;

/** Takes the cursor to a place from wherever it is. */
export function address({row, column}: Place): string {
  if (column > 0) return `${CSI}${row + 1};${column + 1}H`;
  return row > 0 ? `${CSI}${row + 1}H` : `${CSI}H`;
}

/** A step down that keeps the column. A vertical tab takes one byte; a line feed is the terminal driver's to change. The terminal of Emacs shows a vertical tab as text. */
const STEP_DOWN = process.env.TERM?.startsWith('eterm') ? `${CSI}B` : '\v';

function downwards(rows: number): string {
  const steps = STEP_DOWN.repeat(rows);
  const jump = `${CSI}${count(rows)}B`;
  return rows === 0 || steps.length <= jump.length ? steps : jump;
}

function sideways(from: number, to: number): string {
  const cells = Math.abs(to - from);
  if (cells === 0) return '';
  if (to > from) return `${CSI}${count(cells)}C`;
  if (to === 0) return '\r';
  return cells <= 3 ? '\b'.repeat(cells) : `${CSI}${count(cells)}D`;
}
