import {COLUMNS, type Column, type ColumnId, LAYOUTS, type Layout} from './columns.ts';

/** A column with the cells it gets. */
export type PlacedColumn = {readonly column: Column; readonly width: number};

/** The share of the width that is kept for the query before other columns grow beyond their least. */
const QUERY_SHARE = 1 / 3;

/** The widest text of a column, for those that need no more room than their texts take. */
export type NeededWidths = Partial<Readonly<Record<ColumnId, number>>>;

/**
 * The columns of a layout that fit into `width` cells, one cell apart, each between its least and its greatest width:
 * the lowest ranks are left out when the least widths do not fit, the query takes what the others leave.
 */
export function placeColumns(
  layout: Layout,
  width: number,
  needed: NeededWidths = {},
): readonly PlacedColumn[] {
  const wanted = COLUMNS.filter(({from}) => LAYOUTS.indexOf(from) <= LAYOUTS.indexOf(layout)).map(column =>
    boundBy(column, needed[column.id]),
  );
  const columns = leaveOut(wanted, width);
  const room = width - leastWidth(columns);
  const forQuery = Math.max(0, Math.floor(width * QUERY_SHARE) - (columns.at(-1)?.min ?? 0));
  const grown = growEvenly(columns, Math.max(0, room - forQuery));
  const others = columns.reduce(
    (sum, column) => sum + (column.id === 'query' ? 0 : column.min + (grown.get(column) ?? 0) + 1),
    0,
  );
  return columns.map(column => ({
    column,
    width: column.id === 'query' ? Math.max(0, width - others) : column.min + (grown.get(column) ?? 0),
  }));
}

/** The column with no more room than its texts and its title with the arrow of the sort take. */
function boundBy(column: Column, needed: number | undefined): Column {
  if (needed === undefined) return column;
  const max = Math.min(column.max, Math.max(needed, column.title.length + 1));
  return {...column, max, min: Math.min(column.min, max)};
}

/** What each column but the query gets beyond its least width: a cell each in turn, up to its greatest width. */
function growEvenly(columns: readonly Column[], cells: number): ReadonlyMap<Column, number> {
  const grown = new Map<Column, number>();
  for (let left = cells; left > 0; ) {
    const growing = columns.filter(
      column => column.id !== 'query' && column.min + (grown.get(column) ?? 0) < column.max,
    );
    if (growing.length === 0) break;
    for (const column of growing.slice(0, left)) grown.set(column, (grown.get(column) ?? 0) + 1);
    left -= growing.length;
  }
  return grown;
}

function leastWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + column.min + 1, -1);
}

function leaveOut(columns: readonly Column[], width: number): readonly Column[] {
  if (columns.length <= 1 || leastWidth(columns) <= width) return columns;
  const least = columns.reduce((a, b) => (a.rank <= b.rank ? a : b));
  return leaveOut(
    columns.filter(column => column !== least),
    width,
  );
}
