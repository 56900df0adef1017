import {COLUMNS, type Column, type ColumnId} from './columns.ts';

/** What the process table tells nothing of. */
const UNTOLD: ReadonlySet<ColumnId> = new Set(['app', 'blk', 'read', 'write', 'xid', 'xmin', 'queryid']);

/** More than most columns are worth: of a process little else is told. */
const FIGURE_RANK = 85;

/** The columns of rows from the process table. */
export const PROCESS_TABLE_COLUMNS: readonly Column[] = COLUMNS.filter(({id}) => !UNTOLD.has(id)).map(
  ({isOfProcess = false, ...column}) => (isOfProcess ? {...column, rank: FIGURE_RANK} : column),
);
