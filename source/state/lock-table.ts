import type {SessionDetail} from '../model/session-detail.ts';
import {fit, textWidth} from '../model/text-width.ts';
import {relationText, waitObject} from '../model/wait-object.ts';

/** One row of the table of a session's locks; the property names are its headings. */
export type LockTableRow = {
  readonly lock: string;
  readonly mode: string;
  readonly granted: string;
  readonly object: string;
};

/** The locks of a session as rows of a table that is at most `columns` cells wide. */
export function lockTable({locks, relationNames}: SessionDetail, columns: number): readonly LockTableRow[] {
  const room = Math.max(12, columns - 62);
  return locks.map(lock => {
    const object = relationText(lock, relationNames) ?? waitObject(lock, relationNames);
    return {
      lock: lock.locktype,
      mode: lock.mode,
      granted: lock.granted ? 'yes' : 'waits',
      object: textWidth(object) > room ? fit(object, room) : object,
    };
  });
}

/** How many lines ink-table takes for so many rows: a frame, a heading, and a rule above each row. */
export function lockTableHeight(rowCount: number): number {
  return rowCount === 0 ? 0 : rowCount * 2 + 3;
}
