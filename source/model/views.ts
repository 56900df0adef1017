import {isClientBackend, isHidden, isIdleInXact} from './backend.ts';
import type {DurationMode} from './duration-mode.ts';
import {isWaiting, type Session} from './session.ts';
import type {Sort} from './sort.ts';

/** Which sessions the table shows. */
export type ViewName = 'active' | 'waiting' | 'blocking' | 'idle-in-xact' | 'all';

/** A view: which sessions it holds and how they stand in it at first. */
export type View = {
  readonly name: ViewName;
  /** The key that switches to it. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly holds: (session: Session) => boolean;
  /** Whether idle sessions are shown until the user decides otherwise; null where `holds` leaves no choice. */
  readonly showsIdle: boolean | null;
  readonly sort: Sort;
  /** What TIME shows until the user chooses. */
  readonly duration: DurationMode;
};

/** Every view in the order of its key. */
export const VIEWS: readonly View[] = [
  {
    name: 'active',
    key: '1',
    title: 'active',
    description: 'sessions that are not idle',
    // Without rights the state is NULL: such a session is shown rather than dropped. A background process has no role.
    holds: ({backend}) => backend.state !== null || (isHidden(backend) && backend.usesysid !== null),
    showsIdle: false,
    sort: {column: 'time', descending: true},
    duration: 'query',
  },
  {
    name: 'waiting',
    key: '2',
    title: 'waiting',
    description: 'sessions that wait for a lock',
    holds: isWaiting,
    showsIdle: null,
    sort: {column: 'time', descending: true},
    duration: 'query',
  },
  {
    name: 'blocking',
    key: '3',
    title: 'blocking',
    description: 'root blockers and everything behind them, worst first',
    holds: ({blockedBy, blocksDirectly}) => blockedBy.length > 0 || blocksDirectly > 0,
    showsIdle: null,
    sort: {column: 'blk', descending: true},
    duration: 'query',
  },
  {
    name: 'idle-in-xact',
    key: '4',
    title: 'idle in transaction',
    description: 'sessions that keep a transaction open and do nothing, oldest transaction first',
    holds: ({backend}) => isIdleInXact(backend),
    showsIdle: null,
    sort: {column: 'time', descending: true},
    duration: 'xact',
  },
  {
    name: 'all',
    key: '5',
    title: 'all',
    description: 'every server process, background ones too',
    holds: () => true,
    showsIdle: true,
    sort: {column: 'time', descending: true},
    duration: 'query',
  },
];

/** The view of this name. */
export function viewNamed(name: ViewName): View {
  const view = VIEWS.find(candidate => candidate.name === name);
  if (view === undefined) throw new RangeError(`no view ${name}`);
  return view;
}

/** A view over rows of the process table, which tells no ages but the session's: every client takes one of the slots that are wanted. */
export function processView(view: View): View {
  const ofProcesses: View = {...view, duration: 'session'};
  if (view.name !== 'active') return ofProcesses;
  return {...ofProcesses, title: 'clients', holds: ({backend}) => isClientBackend(backend), showsIdle: true};
}

/** Whether a session belongs to a view; `showIdle` is the user's choice, null while there is none. */
export function isInView(session: Session, view: View, showIdle: boolean | null): boolean {
  if (!view.holds(session)) return false;
  return session.backend.state !== 'idle' || view.showsIdle === null || (showIdle ?? view.showsIdle);
}
