import {changeOfLooks} from './sgr.ts';
import {address, CSI, count, type Place, wayTo} from './way.ts';

/** Writes on a terminal with as few bytes as it can. Rows and columns count from 0. */
export type Pen = {
  /** Goes to a cell. */
  moveTo(place: Place): void;
  /** Writes text in a look (see Run) that takes so many cells. */
  write(text: string, looks: string, cells: number): void;
  /** Makes the rest of the row blank. */
  eraseRest(): void;
  /** Moves the rows from `top` to `bottom` up by `by`, or down when it is negative; blank rows follow. */
  scroll(top: number, bottom: number, by: number): void;
  /** Sends bytes as they are, after which neither place nor looks are known. */
  writeRaw(bytes: string): void;
  /** Where the next character goes to; null when that is not known. */
  place(): Place | null;
  /** The looks that the next character would have without a sequence. */
  looks(): string;
  /** Everything so far, plain text following; empty when nothing was written. */
  bytes(): string;
};

/** A pen on a screen of so many columns, plain, at a place not known yet. */
export function createPen(columns: number): Pen {
  let out = '';
  let place: Place | null = null;
  let looks = '';

  const setLooks = (wanted: string) => {
    if (wanted === looks) return;
    out += changeOfLooks(looks, wanted);
    looks = wanted;
  };
  return {
    moveTo(wanted) {
      out += wayTo(place, wanted);
      place = wanted;
    },
    write(text, wanted, cells) {
      setLooks(wanted);
      out += text;
      const column = (place?.column ?? columns) + cells;
      // In the last column a terminal waits with the cursor for the next character: relative moves from there differ.
      place = place === null || column >= columns ? null : {row: place.row, column};
    },
    eraseRest() {
      setLooks('');
      out += `${CSI}K`;
    },
    scroll(top, bottom, by) {
      setLooks('');
      const lines = `${CSI}${count(Math.abs(by))}${by > 0 ? 'M' : 'L'}`;
      out += `${CSI}${top + 1};${bottom + 1}r${address({row: top, column: 0})}${lines}${CSI}r`;
      place = null;
    },
    writeRaw(bytes) {
      setLooks('');
      out += `${bytes}${CSI}m`;
      place = null;
    },
    place: () => place,
    looks: () => looks,
    bytes: () => (looks === '' ? out : `${out}${CSI}m`),
  };
}
