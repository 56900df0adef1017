import type {Backend} from './backend.ts';
import type {Progress} from './progress.ts';

/** A command in its phase as it was seen last: the query it belongs to, how far it was, and since when it is in this phase. */
export type ProgressSeen = Pick<Backend, 'queryStart'> &
  Pick<Progress, 'phase' | 'total' | 'since'> & {
    /** In the unit of the command; 0 where it tells none. */
    readonly done: number;
  };

/** Since when a command has been in its phase, by how it was seen before; null where it is another phase, or the same one of another table. */
export function sinceBefore(
  before: ProgressSeen | undefined,
  now: Omit<ProgressSeen, 'since'>,
): Progress['since'] | null {
  if (before?.queryStart !== now.queryStart || before.phase !== now.phase) return null;
  // What a base backup estimated grows with what it has done.
  const isTotalOutgrown = before.total !== null && now.done >= before.total;
  const goesOn = before.done <= now.done && (before.total === now.total || isTotalOutgrown);
  return goesOn ? before.since : null;
}
