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
  const direction = sort.descending ? -1 : 1;
  const keyed = sessions.map(session => ({session, value: value(session, mode)}));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return (
        Number(a.value === null) - Number(b.value === null) || a.session.backend.pid - b.session.backend.pid
      );
    }
    return compareValues(a.value, b.value) * direction || a.session.backend.pid - b.session.backend.pid;
  });
  return underLeaders(keyed.map(({session}) => session));
}

/** Which of two values of one column stands first: negative for the first, positive for the second, 0 for equal ones. */
export function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** Moves parallel workers right under their leader, the leader's place deciding. */
export function underLeaders(sessions: readonly Session[]): readonly Session[] {
  const isWorker = ({backend}: Session) =>
    backend.backendType === 'parallel worker' && backend.leaderPid !== null;
  if (!sessions.some(isWorker)) return sessions;
  const pids = new Set(sessions.map(({backend}) => backend.pid));
  const isUnder = (session: Session) => isWorker(session) && pids.has(session.backend.leaderPid ?? 0);
  const workers = Map.groupBy(sessions.filter(isUnder), ({backend}) => backend.leaderPid);
  return sessions
    .filter(session => !isUnder(session))
    .flatMap(session => [session, ...(workers.get(session.backend.pid) ?? [])]);
}
