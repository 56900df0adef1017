import {isClientBackend, isHidden, isIdleInXact} from './backend.ts';
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

const COUNTED = new WeakMap<readonly Session[], SessionCounts>();

/** The counts of one snapshot's sessions; remembered with them. */
export function countSessions(sessions: readonly Session[]): SessionCounts {
  const known = COUNTED.get(sessions);
  if (known !== undefined) return known;
  const counts = count(sessions);
  COUNTED.set(sessions, counts);
  return counts;
}

function count(sessions: readonly Session[]): SessionCounts {
  const clients = sessions.filter(({backend}) => isClientBackend(backend));
  const number = (holds: (session: Session) => boolean) => clients.filter(holds).length;
  return {
    clients: clients.length,
    active: number(({backend}) => backend.state === 'active'),
    idle: number(({backend}) => backend.state === 'idle'),
    idleInXact: number(({backend}) => isIdleInXact(backend)),
    idleInXactAborted: number(({backend}) => backend.state === 'idle in transaction (aborted)'),
    waiting: number(isWaiting),
    hidden: number(({backend}) => isHidden(backend)),
  };
}
