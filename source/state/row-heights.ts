import type {PlacedColumn} from '../model/column-widths.ts';
import type {Session} from '../model/session.ts';
import {wrapText} from '../model/text-width.ts';
import type {State} from './state.ts';
import {tableColumns} from './table-columns.ts';
import {durationOf} from './table-rows.ts';

/** Lines a wrapped query may take in the table; inspect shows the rest. */
const WRAPPED_LINES = 6;

/** The query column as lines: one, or several when the table wraps. `columns` are those of the table. */
export function queryLines(
  state: State,
  session: Session,
  columns: readonly PlacedColumn[],
): readonly string[] {
  const placed = columns.find(({column}) => column.id === 'query');
  if (placed === undefined) return [''];
  const text = placed.column.text(session, durationOf(state), placed.width);
  if (state.isWrapped) return wrapText(text, Math.max(1, placed.width)).slice(0, WRAPPED_LINES);
  return [text.slice(state.queryOffset)];
}

/** How many lines each row of the table takes. */
export function tableHeights(state: State, rows: readonly Session[]): (row: number) => number {
  if (!state.isWrapped) return () => 1;
  const columns = tableColumns(state);
  return row => {
    const session = rows[row];
    return session === undefined ? 0 : queryLines(state, session, columns).length;
  };
}
