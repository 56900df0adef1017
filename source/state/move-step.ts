import type {Step} from './action.ts';
import {moveCursor} from './cursor.ts';
import {GROUP_HEAD} from './group-lines.ts';
import {groupRows} from './group-rows.ts';
import {loadRows} from './load-rows.ts';
import {regionsOf} from './regions.ts';
import {rowKeys} from './row-keys.ts';
import {moveScroll} from './scroll.ts';
import type {State} from './state.ts';
import {rankOf, tableRows} from './table-rows.ts';
import {treeRoom, treeRows} from './tree-rows.ts';

/** How long rows keep their places after a cursor key, on the local clock. */
const FROZEN_MS = 3_000;

/** The state after a cursor key: a page scrolled, or the cursor moved on the panel that has the focus. */
export function moveStep(state: State, step: Step): State {
  const {mode} = state;
  if (mode.type === 'inspect' || mode.type === 'help' || mode.type === 'action-log')
    return {...state, mode: {...mode, scroll: moveScroll(state, mode, step)}};
  const regions = regionsOf(state);
  if (state.focus === 'tree') {
    const paths = treeRows(state.shown, state.tree.toggled).map(row => row.path);
    return {...state, treeCursor: moveCursor(state.treeCursor, step, paths, treeRoom(state, regions.tree))};
  }
  const frozenBy = (rows: readonly {readonly key: string}[]) => ({
    rank: rankOf(rows),
    untilMs: state.nowMs + FROZEN_MS,
  });
  if (state.main === 'groups') {
    const rows = groupRows(state);
    const keys = rowKeys(rows);
    const groupCursor = moveCursor(state.groupCursor, step, keys, regions.table - GROUP_HEAD);
    return {...state, groupCursor, frozen: frozenBy(rows)};
  }
  if (state.main === 'load') {
    const keys = rowKeys(loadRows(state));
    return {...state, loadCursor: moveCursor(state.loadCursor, step, keys, keys.length)};
  }
  const rows = tableRows(state);
  const keys = rowKeys(rows);
  return {
    ...state,
    tableCursor: moveCursor(state.tableCursor, step, keys, regions.table - 1),
    frozen: frozenBy(rows),
  };
}
