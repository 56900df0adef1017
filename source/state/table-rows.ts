import type {DurationMode} from '../model/duration-mode.ts';
import {filterSessions} from '../model/filter/filter-sessions.ts';
import type {Session} from '../model/session.ts';
import {type Sort, sortSessions, underLeaders} from '../model/sort.ts';
import {isInView, processView, type View, viewNamed} from '../model/views.ts';
import {memoLast} from './memo-last.ts';
import type {State} from './state.ts';

/** True while the rows are processes of this machine, since the server has no slot for a session. */
export function showsProcesses({shown}: Pick<State, 'shown'>): boolean {
  return shown !== null && shown.reading.processTable !== null;
}

/** The present view, as it is over the rows there are. */
export function viewOf({view, shown}: Pick<State, 'view' | 'shown'>): View {
  return showsProcesses({shown}) ? processView(viewNamed(view)) : viewNamed(view);
}

/** The sort that holds in the present view. */
export function sortOf(state: State): Sort {
  return state.sorts[state.view] ?? viewOf(state).sort;
}

/** What TIME shows in the present view. */
export function durationOf(state: State): DurationMode {
  const {duration} = viewOf(state);
  return showsProcesses(state) ? duration : (state.duration ?? duration);
}

/** The sessions of the table: those of the view that the filter, the user and the database leave, in their order. */
export function tableRows(state: State): readonly Session[] {
  const {shown, view, showIdle, filter, tags, user, database, frozen} = state;
  return rowsOf(
    shown,
    view,
    showIdle,
    filter,
    tags,
    user,
    database,
    sortOf(state),
    durationOf(state),
    frozen,
  );
}

// A key, the screen and the cursor each ask for the same rows.
const rowsOf = memoLast(
  (
    shown: State['shown'],
    viewName: State['view'],
    showIdle: State['showIdle'],
    active: State['filter'],
    tags: State['tags'],
    user: State['user'],
    database: State['database'],
    sort: Sort,
    duration: DurationMode,
    frozen: State['frozen'],
  ): readonly Session[] => {
    if (shown === null) return [];
    const view = viewOf({view: viewName, shown});
    const inView = shown.sessions.filter(session => isInView(session, view, showIdle));
    const rows = wantedOf(inView, {filter: active, tags, user, database});
    const sorted = sortSessions(rows, sort, duration);
    return frozen === null ? sorted : underLeaders(keepOrder(sorted, frozen.rank));
  },
);

/** The sessions that filter, user and database leave. */
export function wantedOf(
  sessions: readonly Session[],
  {filter, tags, user, database}: Pick<State, 'filter' | 'tags' | 'user' | 'database'>,
): readonly Session[] {
  const named =
    user === null && database === null
      ? sessions
      : sessions.filter(
          ({backend}) =>
            (user === null || backend.usename === user) &&
            (database === null || backend.datname === database),
        );
  return filter === null
    ? named
    : filterSessions(named, filter.filter, {isTagged: ({key}: Session) => tags.has(key)});
}

/** The rows in the order they had; those that are new stand last. */
export function keepOrder<Row extends {readonly key: string}>(
  rows: readonly Row[],
  rank: ReadonlyMap<string, number>,
): readonly Row[] {
  const place = (row: Row) => rank.get(row.key) ?? Number.POSITIVE_INFINITY;
  const known = rows.filter(row => rank.has(row.key)).sort((a, b) => place(a) - place(b));
  return [...known, ...rows.filter(row => !rank.has(row.key))];
}

/** The present order of the rows, for keeping it. */
export function rankOf(rows: readonly {readonly key: string}[]): ReadonlyMap<string, number> {
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
