/** Writes on a terminal with as few bytes as it can. Rows and columns count from 0. */
export type Pen = {
  /** Goes to a cell. */
  moveTo(row: number, column: number): void;
  /** Writes text in a look (see Run) that takes so many cells. */
  write(text: string, looks: string, cells: number): void;
  /** Makes the rest of the row blank. */
  eraseRest(): void;
  /** Moves the rows from `top` to `bottom` up by `by`, or down when it is negative; blank rows follow. */
  scroll(top: number, bottom: number, by: number): void;
  /** Sends bytes as they are, after which neither place nor looks are known. */
  writeRaw(bytes: string): void;
  /** The column that the next character goes to when that is in this row and known. */
  columnIn(row: number): number | null;
  /** The looks that the next character would have without a sequence. */
  looks(): string;
  /** Everything so far, plain text following; empty when nothing was written. */
  bytes(): string;
};

const CSI = '\u001b[';
const count = (number: number) => (number === 1 ? '' : String(number));

function absolute(row: number, column: number): string {
  if (column > 0) return `${CSI}${row + 1};${column + 1}H`;
  return row > 0 ? `${CSI}${row + 1}H` : `${CSI}H`;
}

function sideways(from: number, to: number): string {
  const cells = Math.abs(to - from);
  if (cells === 0) return '';
  if (to > from) return `${CSI}${count(cells)}C`;
  if (to === 0) return '\r';
  return cells <= 3 ? '\b'.repeat(cells) : `${CSI}${count(cells)}D`;
}

/** A pen on a screen of so many columns, plain, at a place not known yet. */
export function createPen(columns: number): Pen {
  let out = '';
  let place: {readonly row: number; readonly column: number} | null = null;
  let looks = '';

  const setLooks = (wanted: string) => {
    if (wanted === looks) return;
    out += wanted === '' ? `${CSI}m` : `${CSI}${looks === '' ? '' : '0;'}${wanted}m`;
    looks = wanted;
  };
  const moveTo = (row: number, column: number) => {
    if (place?.row === row && place.column === column) return;
    const far = absolute(row, column);
    const down = place === null ? -1 : row - place.row;
    const near =
      place === null || down < 0
        ? far
        : `${down === 0 ? '' : `${CSI}${count(down)}B`}${sideways(place.column, column)}`;
    out += near.length < far.length ? near : far;
    place = {row, column};
  };
  return {
    moveTo,
    write(text, wanted, cells) {
      setLooks(wanted);
      out += text;
      const column = (place?.column ?? columns) + cells;
      // In the last column a terminal waits with the cursor for the next character: relative moves from there differ.
      place = place === null || column >= columns ? null : {...place, column};
    },
    eraseRest() {
      setLooks('');
      out += `${CSI}K`;
    },
    scroll(top, bottom, by) {
      setLooks('');
      const lines = `${CSI}${count(Math.abs(by))}${by > 0 ? 'M' : 'L'}`;
      out += `${CSI}${top + 1};${bottom + 1}r${absolute(top, 0)}${lines}${CSI}r`;
      place = null;
    },
    writeRaw(bytes) {
      setLooks('');
      out += `${bytes}${CSI}m`;
      place = null;
    },
    columnIn: row => (place?.row === row ? place.column : null),
    looks: () => looks,
    bytes: () => (looks === '' ? out : `${out}${CSI}m`),
  };
}
