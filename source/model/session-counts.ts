import {isClientBackend, isHidden, isIdleInXact} from './backend.ts';
import {remembered} from './remembered.ts';
import {isWaiting, type Session} from './session.ts';

/** How many client sessions are in which state. */
export type SessionCounts = {
  /** Client backends, the monitor's own not counted. */
  readonly clients: number;
  readonly active: number;
  readonly idle: number;
  readonly idleInXact: number;
  readonly idleInXactAborted: number;
  /** Sessions that wait for a lock. */
  readonly waiting: number;
  /** Sessions whose state this role may not see. */
  readonly hidden: number;
};

/** The counts of one snapshot's sessions; remembered with them. */
export const countSessions: (sessions: readonly Session[]) => SessionCounts = remembered(count);

function count(sessions: readonly Session[]): SessionCounts {
  const counts = {
    clients: 0,
    active: 0,
    idle: 0,
    idleInXact: 0,
    idleInXactAborted: 0,
    waiting: 0,
    hidden: 0,
  };
  for (const session of sessions) {
    const {backend} = session;
    if (!isClientBackend(backend)) continue;
    counts.clients += 1;
    if (backend.state === 'active') counts.active += 1;
    if (backend.state === 'idle') counts.idle += 1;
    if (isIdleInXact(backend)) counts.idleInXact += 1;
    if (backend.state === 'idle in transaction (aborted)') counts.idleInXactAborted += 1;
    if (isWaiting(session)) counts.waiting += 1;
    if (isHidden(backend)) counts.hidden += 1;
  }
  return counts;
}
