import {type GroupSort, sortGroups} from '../model/group-columns.ts';
import {type Grouping, groupSessions, type SessionGroup} from '../model/groups.ts';
import type {Session} from '../model/session.ts';
import {isInView} from '../model/views.ts';
import {cursorIndex} from './cursor.ts';
import {memoLast} from './memo-last.ts';
import {rowKeys} from './row-keys.ts';
import type {State} from './state.ts';
import {keepOrder, viewOf, wantedOf} from './table-rows.ts';

/** The groups on screen in their order: those of the sessions that filter, user and database leave, idle ones among them. */
export function groupRows(state: State): readonly SessionGroup[] {
  const {shown, filter, tags, user, database, groupBy, groupSort, frozen} = state;
  return rowsOf(shown, filter, tags, user, database, groupBy, groupSort, frozen);
}

const rowsOf = memoLast(
  (
    shown: State['shown'],
    filter: State['filter'],
    tags: State['tags'],
    user: State['user'],
    database: State['database'],
    by: Grouping,
    sort: GroupSort,
    frozen: State['frozen'],
  ): readonly SessionGroup[] => {
    if (shown === null) return [];
    const view = viewOf({view: 'active', shown});
    // A parallel worker is no session of its own; its leader is there too.
    const isSession = ({backend}: Session) => backend.backendType !== 'parallel worker';
    const sessions = shown.sessions.filter(session => isSession(session) && isInView(session, view, true));
    const wanted = wantedOf(sessions, {filter, tags, user, database});
    const sorted = sortGroups(groupSessions(wanted, by), sort);
    return frozen === null ? sorted : keepOrder(sorted, frozen.rank);
  },
);

/** The group that a key acts on; null without one under the cursor, and where the groups are not what keys act on. */
export function currentGroup(state: State): SessionGroup | null {
  if (state.main !== 'groups' || state.focus !== 'table' || state.mode.type === 'inspect') return null;
  const rows = groupRows(state);
  return rows[cursorIndex(state.groupCursor, rowKeys(rows))] ?? null;
}
