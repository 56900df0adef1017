import {type PlacedColumn, placeColumns} from '../model/column-widths.ts';
import {COLUMNS, type Column} from '../model/columns.ts';
import {neededWidths} from '../model/needed-widths.ts';
import {PROCESS_TABLE_COLUMNS} from '../model/process-table-columns.ts';
import type {Session} from '../model/session.ts';
import {memoLast} from './memo-last.ts';
import type {State} from './state.ts';
import {showsProcesses} from './table-rows.ts';

/** The columns that the rows there are have. */
export function columnsOf(state: State): readonly Column[] {
  return showsProcesses(state) ? PROCESS_TABLE_COLUMNS : COLUMNS;
}

/** The columns of the table with their widths, for the present layout, terminal and data. */
export function tableColumns(state: State): readonly PlacedColumn[] {
  return placed(state, (state.shown?.reading.processes.source ?? null) !== null);
}

/** True when the table would show figures of processes, if they can be known. */
export function wantsProcessFigures(state: State): boolean {
  return placed(state, true).some(({column}) => column.isOfProcess);
}

function placed(state: State, hasFigures: boolean): readonly PlacedColumn[] {
  const {layout, columns, shown} = state;
  return columnsAt(layout, columns, shown?.sessions ?? null, columnsOf(state), hasFigures);
}

// The room of the cursor and the screen ask for the same columns, and so does what a refresh must read where figures are known.
const columnsAt = memoLast(
  (
    layout: State['layout'],
    columns: number,
    sessions: readonly Session[] | null,
    among: readonly Column[],
    hasFigures: boolean,
  ): readonly PlacedColumn[] =>
    placeColumns(layout, columns, sessions === null ? {} : neededWidths(sessions), {among, hasFigures}),
);
