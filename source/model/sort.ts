import {type ColumnId, columnOf} from './columns.ts';
import type {DurationMode} from './duration-mode.ts';
import type {Session} from './session.ts';

/** What the table is sorted by. */
export type Sort = {readonly column: ColumnId; readonly descending: boolean};

/**
 * The sessions in order. Who has no value stands last in either direction; equals stand by pid, so that rows do not
 * change places without a reason. Parallel workers stand right under their leader when it is there too.
 */
export function sortSessions(
  sessions: readonly Session[],
  sort: Sort,
  mode: DurationMode,
): readonly Session[] {
  const {value} = columnOf(sort.column);
  const keyed: Keyed[] = [];
  for (const session of sessions) keyed.push({session, value: value(session, mode)});
  keyed.sort(sort.descending ? descending : ascending);
  return underLeaders(keyed.map(sessionOf));
}

// Functions of their own here and wherever a refresh goes through all sessions: V8 forgets what it compiled of one that is made anew.
type Keyed = {readonly session: Session; readonly value: number | string | null};

function sessionOf({session}: Keyed): Session {
  return session;
}

function ascending(a: Keyed, b: Keyed): number {
  if (a.value === null || b.value === null) return nullsLast(a, b);
  return compareValues(a.value, b.value) || byPid(a, b);
}

function descending(a: Keyed, b: Keyed): number {
  if (a.value === null || b.value === null) return nullsLast(a, b);
  return compareValues(b.value, a.value) || byPid(a, b);
}

function nullsLast(a: Keyed, b: Keyed): number {
  return Number(a.value === null) - Number(b.value === null) || byPid(a, b);
}

function byPid(a: Keyed, b: Keyed): number {
  return a.session.backend.pid - b.session.backend.pid;
}

/** Which of two values of one column stands first: negative for the first, positive for the second, 0 for equal ones. */
export function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** Moves parallel workers right under their leader, the leader's place deciding. */
export function underLeaders(sessions: readonly Session[]): readonly Session[] {
  if (!sessions.some(isWorker)) return sessions;
  const pids = new Set(sessions.map(({backend}) => backend.pid));
  const isUnder = (session: Session) => isWorker(session) && pids.has(session.backend.leaderPid ?? 0);
  const workers = Map.groupBy(sessions.filter(isUnder), ({backend}) => backend.leaderPid);
  return sessions
    .filter(session => !isUnder(session))
    .flatMap(session => [session, ...(workers.get(session.backend.pid) ?? [])]);
}

function isWorker({backend}: Session): boolean {
  return backend.backendType === 'parallel worker' && backend.leaderPid !== null;
}
