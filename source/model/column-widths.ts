import {COLUMNS, type Column, type ColumnId, LAYOUTS, type Layout} from './columns.ts';

/** A column with the cells it gets. */
export type PlacedColumn = {readonly column: Column; readonly width: number};

/** The share of the width that is kept for the query before other columns grow beyond their least. */
const QUERY_SHARE = 1 / 3;

/** The widest text of a column, for those that need no more room than their texts take. */
export type NeededWidths = Partial<Readonly<Record<ColumnId, number>>>;

/** The cells of the query that figures of processes leave to it. */
const QUERY_BESIDE_FIGURES = 32;

/** What there is to place. */
export type Offer = {
  /** Default: every column. */
  readonly among?: readonly Column[];
  /** Whether figures of processes can be known; the widest layout has their columns in any case. */
  readonly hasFigures?: boolean;
};

/**
 * The columns on offer that are of the layout and fit into `width` cells, one cell apart, each between its least and its greatest width:
 * the lowest ranks are left out when the least widths do not fit, the query takes what the others leave.
 */
export function placeColumns(
  layout: Layout,
  width: number,
  needed: NeededWidths = {},
  {among = COLUMNS, hasFigures = false}: Offer = {},
): readonly PlacedColumn[] {
  const inLayout = among.filter(({from}) => LAYOUTS.indexOf(from) <= LAYOUTS.indexOf(layout));
  const wanted = layout === 'wide' ? inLayout : figuresBesideQuery(inLayout, hasFigures ? width : 0);
  const columns = leaveOut(
    wanted.map(column => boundBy(column, needed[column.id])),
    width,
  );
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

/** The columns without those figures of processes that would leave the query too little. By the least widths alone, so that a longer name moves none of them. */
function figuresBesideQuery(columns: readonly Column[], width: number): readonly Column[] {
  const figures = columns.filter(({isOfProcess}) => isOfProcess).toSorted((a, b) => a.rank - b.rank);
  const query = columns.at(-1)?.min ?? 0;
  const [first] = figures;
  if (first === undefined || leastWidth(columns) + QUERY_BESIDE_FIGURES - query <= width) return columns;
  return figuresBesideQuery(
    columns.filter(column => column !== first),
    width,
  );
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
