import {followRow, scrolledTop} from './cursor.ts';
import {regionsOf} from './regions.ts';
import {tableHeights} from './row-heights.ts';
import type {State} from './state.ts';
import {tableRows} from './table-rows.ts';
import {isTreeOpen, treeRows} from './tree-rows.ts';

/** The state with both cursors on rows that exist and scrolled into sight, and the focus on a panel that is open. */
export function settle(state: State): State {
  const focus = isTreeOpen(state) ? state.focus : 'table';
  const rows = tableRows(state);
  const regions = regionsOf(state);
  const tableCursor = followRow(
    state.tableCursor,
    rows.map(row => row.key),
  );
  const tree = treeRows(state.shown, state.tree.collapsed);
  const treeCursor = followRow(
    state.treeCursor,
    tree.map(row => row.path),
  );
  const heightOf = tableHeights(state, rows);
  return {
    ...state,
    focus,
    tableCursor: {
      ...tableCursor,
      top: scrolledTop(
        tableCursor.top,
        Math.min(tableCursor.index, rows.length - 1),
        rows.length,
        regions.table - 1,
        heightOf,
      ),
    },
    treeCursor: {
      ...treeCursor,
      top: scrolledTop(
        treeCursor.top,
        Math.min(treeCursor.index, tree.length - 1),
        tree.length,
        regions.tree - 1,
        () => 1,
      ),
    },
  };
}
