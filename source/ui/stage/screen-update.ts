import type {Patch} from './patch.ts';
import {createPen, type Pen} from './pen.ts';
import {rowPatches} from './row-patches.ts';
import {findShift, shiftRows} from './scroll-shift.ts';
import {type StyledRow, styledRow} from './styled-row.ts';
import {writePatch, writePatches} from './write-patches.ts';

/** What stands on the terminal: one text with its sequences for each row. */
export type Screen = {readonly columns: number; readonly rows: readonly string[]};

const BLANK: StyledRow = {text: '', runs: [], left: '', cells: 0, narrowLength: 0};

/**
 * The bytes that turn one screen into the next: the rows that moved are moved by the terminal, then the cells that differ are
 * written. `before` is null when it is not known what stands there. Empty when nothing differs.
 */
export function screenUpdate(before: Screen | null, after: Screen): string {
  const pen = createPen(after.columns);
  const known = before?.columns === after.columns && before.rows.length === after.rows.length;
  if (before === null || !known) {
    after.rows.forEach((row, y) => {
      writeWhole(pen, y, row);
    });
    return pen.bytes();
  }
  const shift = findShift(before.rows, after.rows);
  if (shift !== null) pen.scroll(shift.top, shift.bottom, shift.by);
  const standing = shift === null ? before.rows : shiftRows(before.rows, shift);
  const patches: Patch[] = [];
  after.rows.forEach((row, y) => {
    const old = standing[y] ?? '';
    if (row === old) return;
    const from = styledRow(old);
    const to = styledRow(row);
    if (from === null || to === null) writeWhole(pen, y, row);
    else patches.push(...rowPatches(y, from, to));
  });
  writePatches(pen, patches);
  return pen.bytes();
}

/** A row whatever stands there. */
function writeWhole(pen: Pen, y: number, row: string): void {
  pen.moveTo({row: y, column: 0});
  pen.eraseRest();
  const styled = styledRow(row);
  if (styled === null) pen.writeRaw(row);
  else for (const patch of rowPatches(y, BLANK, styled)) writePatch(pen, patch);
}
