import type {Filter} from '../model/filter/filter.ts';
import {filterSessions, isTooSlow, SLOW_FILTER} from '../model/filter/filter-sessions.ts';
import type {Session} from '../model/session.ts';
import {UsageError} from '../model/usage-error.ts';

/** The sessions that `--filter` lets pass. Nobody is tagged on a command line. @throws UsageError when that cannot be known in time */
export function filteredSessions(sessions: readonly Session[], filter: Filter): readonly Session[] {
  const wanted = filterSessions(sessions, filter, {isTagged: () => false});
  if (isTooSlow(filter)) throw new UsageError(`--filter: ${SLOW_FILTER}`);
  return wanted;
}
