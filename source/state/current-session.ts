import type {Session} from '../model/session.ts';
import {cursorIndex} from './cursor.ts';
import {rowKeys} from './row-keys.ts';
import type {State} from './state.ts';
import {tableRows} from './table-rows.ts';
import {type TreeRow, treeRows} from './tree-rows.ts';

/** The line of the tree that the cursor is on; undefined without lines. */
export function currentTreeRow(state: State): TreeRow | undefined {
  const rows = treeRows(state.shown, state.tree.toggled);
  return rows[
    cursorIndex(
      state.treeCursor,
      rows.map(row => row.path),
    )
  ];
}

/** The session that a key acts on: the one inspected, the one under the tree's cursor while the tree has the focus, else the one under the table's. */
export function currentSession(state: State): Session | null {
  if (state.mode.type === 'inspect') return newest(state, state.mode.session);
  if (state.focus === 'tree') return currentTreeRow(state)?.session ?? null;
  if (state.main !== 'sessions') return null;
  const rows = tableRows(state);
  return rows[cursorIndex(state.tableCursor, rowKeys(rows))] ?? null;
}

/** A session as it is on screen now; as it was when it is gone. A page that a dialog stood before has the values from then. */
function newest({shown}: State, session: Session): Session {
  const now = shown?.byPid.get(session.backend.pid);
  return now?.key === session.key ? now : session;
}
