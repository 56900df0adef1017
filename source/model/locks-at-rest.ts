import {type Backend, isHidden, isIdle, isWaitingForLock} from './backend.ts';
import {isWish, type Lock} from './lock.ts';
import type {Microseconds} from './timestamp.ts';

/** How long an answer of the server stands while nothing seems to have changed, in microseconds of its clock. */
const STANDS: Microseconds = 3_000_000;

/** Whether an answer given at one moment stands at another. A clock that was set back makes none older than it is. */
export function isRecent(at: Microseconds, now: Microseconds): boolean {
  return Math.abs(now - at) < STANDS;
}

/** Everybody who has a part in a reading of the locks, by pid, while none of them can change it without being seen to. */
export type Involved = ReadonlyMap<number, Backend>;

/**
 * Who has to do something before the answer to who waits for whom can be another one. Who is idle has run nothing, and
 * who waits for a lock goes on only when another one has done something. Null when somebody of them may act unseen: who runs, who is
 * hidden from this role, a prepared transaction, a process that the activity does not have, and who was between two waits when the
 * locks were read, which is not at the moment of the activity.
 */
export function involvedAtRest(locks: readonly Lock[], backends: readonly Backend[]): Involved | null {
  const missing = new Set(locks.map(pidOf));
  const wishing = new Set(locks.filter(isWish).map(pidOf));
  const involved = new Map<number, Backend>();
  for (const backend of backends) {
    if (!missing.delete(backend.pid) && !mayWait(backend)) continue;
    const isAtRest = wishing.has(backend.pid) ? isWaitingForLock(backend) : isIdle(backend);
    if (isHidden(backend) || !isAtRest) return null;
    involved.set(backend.pid, backend);
  }
  return missing.size === 0 ? involved : null;
}

/** Whether everybody involved is the very same backend still, and nobody waits who did not. */
export function areStillAtRest(involved: Involved, backends: readonly Backend[]): boolean {
  let met = 0;
  for (const backend of backends) {
    const before = involved.get(backend.pid);
    if (before === undefined ? mayWait(backend) : before !== backend) return false;
    if (before !== undefined) met++;
  }
  return met === involved.size;
}

/** True when the backend waits for a lock, or hides whether it does. */
export function mayWait(backend: Backend): boolean {
  return isWaitingForLock(backend) || isHidden(backend);
}

function pidOf({pid}: Lock): number | null {
  return pid;
}
