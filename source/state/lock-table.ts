import {asciiOnly} from '../model/sanitise.ts';
import type {SessionDetail} from '../model/session-detail.ts';
import {fit, textWidth} from '../model/text-width.ts';
import {relationText, waitObject} from '../model/wait-object.ts';

/** One row of the table of a session's locks; the property names are its headings. */
export type LockTableRow = Readonly<Record<'lock' | 'mode' | 'granted' | 'object', string>>;

/** A column of that table. */
export type LockTableColumn = keyof LockTableRow;

/** Cells of frame and padding for each column, and the last rule of the frame. */
const FRAME = 3;
const LEAST_OBJECT = 12;

/** The columns that `columns` cells have room for: the object always, and what it is in most of all. */
export function lockTableColumns(columns: number): readonly LockTableColumn[] {
  if (columns >= 72) return ['lock', 'mode', 'granted', 'object'];
  return columns >= 56 ? ['mode', 'granted', 'object'] : ['mode', 'object'];
}

/** Widest texts besides the object: `transactionid`, `ShareUpdateExclusive`, `granted`. */
const WIDTHS: Readonly<Record<LockTableColumn, number>> = {lock: 14, mode: 20, granted: 7, object: 0};

/** The locks of a session as rows of a table that is at most `columns` cells wide. Each text is as many cells wide as it has characters, since the table counts those. */
export function lockTable({locks, relationNames}: SessionDetail, columns: number): readonly LockTableRow[] {
  const taken = lockTableColumns(columns).reduce((sum, column) => sum + WIDTHS[column] + FRAME, 1);
  const room = Math.max(Math.min(LEAST_OBJECT, columns - 27), columns - taken);
  return locks.map(lock => {
    const object = relationText(lock, relationNames) ?? waitObject(lock, relationNames);
    const narrow = textWidth(object) === object.length ? object : asciiOnly(object);
    return {
      lock: lock.locktype,
      mode: lock.mode.replace(/Lock$/, ''),
      granted: lock.granted ? 'yes' : 'waits',
      object: narrow.length > room ? fit(narrow, room, 'left', '+') : narrow,
    };
  });
}

/** How many lines ink-table takes for so many rows: a frame, a heading, and a rule above each row. */
export function lockTableHeight(rowCount: number): number {
  return rowCount === 0 ? 0 : rowCount * 2 + 3;
}
