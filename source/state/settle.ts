import {followRow, scrolledTop} from './cursor.ts';
import {GROUP_HEAD} from './group-lines.ts';
import {groupRows} from './group-rows.ts';
import {loadRows} from './load-rows.ts';
import {regionsOf} from './regions.ts';
import {tableHeights} from './row-heights.ts';
import {rowKeys} from './row-keys.ts';
import type {Cursor, State} from './state.ts';
import {tableRows} from './table-rows.ts';
import {isTreeOpen, treeRoom, treeRows} from './tree-rows.ts';

/** The state with every cursor on a row that exists and scrolled into sight, and the focus on a panel that is open. */
export function settle(state: State): State {
  const focus = isTreeOpen(state) ? state.focus : 'table';
  const focused = {...state, focus};
  const {main} = state;
  const regions = regionsOf(focused);
  const rows = tableRows(state);
  const groups = main === 'groups' ? groupRows(state) : [];
  const load = main === 'load' ? loadRows(focused) : [];
  const tree = treeRows(state.shown, state.tree.toggled);
  const paths = tree.map(row => row.path);
  return {
    ...focused,
    tableCursor: placed(state.tableCursor, rowKeys(rows), regions.table - 1, tableHeights(state, rows)),
    groupCursor: placed(state.groupCursor, rowKeys(groups), regions.table - GROUP_HEAD),
    loadCursor: placed(state.loadCursor, rowKeys(load), regions.table),
    treeCursor: placed(state.treeCursor, paths, treeRoom(focused, regions.tree)),
  };
}

/** A cursor on its row or near where that was, and scrolled so that it is in sight. */
function placed(
  cursor: Cursor,
  keys: readonly string[],
  room: number,
  heightOf: (row: number) => number = () => 1,
): Cursor {
  const followed = followRow(cursor, keys);
  const index = Math.min(followed.index, keys.length - 1);
  return {...followed, top: scrolledTop(followed.top, index, keys.length, room, heightOf)};
}
