/** A stretch of rows, `top` to `bottom`, whose content moved up by `by` rows, or down when it is negative. */
export type Shift = {readonly top: number; readonly bottom: number; readonly by: number};

/** Fewer rows are as cheap to write as to move. */
const LEAST_GAIN = 3;

/** How the rows of a screen moved on the way to the next one: the move that leaves most rows as they have to be. Null when none is worth it. */
export function findShift(before: readonly string[], after: readonly string[]): Shift | null {
  const shift = mostCommonShift(before, after);
  if (shift === null) return null;
  const moved = shiftRows(before, shift);
  let gain = 0;
  for (let y = shift.top; y <= shift.bottom; y++) {
    gain += Number(moved[y] === after[y]) - Number(before[y] === after[y]);
  }
  return gain >= LEAST_GAIN ? shift : null;
}

/** The rows after a move; what came into sight is blank. */
export function shiftRows(rows: readonly string[], {top, bottom, by}: Shift): readonly string[] {
  return rows.map((row, y) => {
    if (y < top || y > bottom) return row;
    const from = y + by;
    return from < top || from > bottom ? '' : (rows[from] ?? '');
  });
}

function mostCommonShift(before: readonly string[], after: readonly string[]): Shift | null {
  const places = new Map(before.map((row, y) => [row, y]));
  const rows = new Map<number, number[]>();
  after.forEach((row, y) => {
    const from = row === '' || row === before[y] ? undefined : places.get(row);
    if (from === undefined) return;
    const by = from - y;
    rows.set(by, [...(rows.get(by) ?? []), y, from]);
  });
  const [most] = [...rows].sort(([, a], [, b]) => b.length - a.length);
  if (most === undefined) return null;
  const [by, touched] = most;
  return {top: Math.min(...touched), bottom: Math.max(...touched), by};
}
