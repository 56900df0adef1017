import type {DurationMode} from '../model/duration-mode.ts';
import {compileFilter} from '../model/filter/compile-filter.ts';
import type {Session} from '../model/session.ts';
import {type Sort, sortSessions, underLeaders} from '../model/sort.ts';
import {isInView, viewNamed} from '../model/views.ts';
import {memoLast} from './memo-last.ts';
import type {State} from './state.ts';

/** The sort that holds in the present view. */
export function sortOf(state: State): Sort {
  return state.sorts[state.view] ?? viewNamed(state.view).sort;
}

/** What TIME shows in the present view. */
export function durationOf(state: State): DurationMode {
  return state.duration ?? viewNamed(state.view).duration;
}

/** The sessions of the table: those of the view that the filter, the user and the database leave, in their order. */
export function tableRows(state: State): readonly Session[] {
  const {shown, view, showIdle, filter, user, database, frozen} = state;
  return rowsOf(shown, view, showIdle, filter, user, database, sortOf(state), durationOf(state), frozen);
}

// A key, the screen and the cursor each ask for the same rows.
const rowsOf = memoLast(
  (
    shown: State['shown'],
    viewName: State['view'],
    showIdle: State['showIdle'],
    active: State['filter'],
    user: State['user'],
    database: State['database'],
    sort: Sort,
    duration: DurationMode,
    frozen: State['frozen'],
  ): readonly Session[] => {
    if (shown === null) return [];
    const view = viewNamed(viewName);
    const isWanted = active === null ? () => true : compileFilter(active.filter);
    const context = {isTagged: () => false};
    const rows = shown.sessions.filter(
      session =>
        isInView(session, view, showIdle) &&
        (user === null || session.backend.usename === user) &&
        (database === null || session.backend.datname === database) &&
        isWanted(session, context),
    );
    const sorted = sortSessions(rows, sort, duration);
    return frozen === null ? sorted : keepOrder(sorted, frozen.rank);
  },
);

/** The rows in the order they had; those that are new stand last. */
function keepOrder(rows: readonly Session[], rank: ReadonlyMap<string, number>): readonly Session[] {
  const place = (session: Session) => rank.get(session.key) ?? Number.POSITIVE_INFINITY;
  const known = rows.filter(row => rank.has(row.key)).sort((a, b) => place(a) - place(b));
  return underLeaders([...known, ...rows.filter(row => !rank.has(row.key))]);
}

/** The present order of the rows, for keeping it. */
export function rankOf(rows: readonly Session[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row, index) => [row.key, index]));
}

/** Whether a search text occurs in a row, wherever the table or the filter would look. */
export function matchesSearch({backend}: Session, search: string): boolean {
  if (search === '') return false;
  const {pid, usename, datname, applicationName, clientAddr, query} = backend;
  return `${pid} ${usename ?? ''} ${datname ?? ''} ${applicationName} ${clientAddr ?? ''} ${query}`
    .toLowerCase()
    .includes(search.toLowerCase());
}
