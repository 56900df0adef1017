import type {Backend} from './backend.ts';
import type {Microseconds} from './timestamp.ts';

/** What is done to a session: pg_cancel_backend ends its query, pg_terminate_backend ends the session. */
export type SignalAction = 'cancel' | 'terminate';

/** The session a signal is meant for, as it was when the key was pressed. A cancel is meant for the statement that ran then. */
export type SignalTarget = {
  readonly pid: number;
  readonly backendStart: Microseconds;
  readonly queryStart: Microseconds | null;
};

/** What came of a signal. */
export type SignalOutcome =
  /** The session is gone (terminate) after so many milliseconds. */
  | {readonly type: 'ended'; readonly afterMs: number}
  /** The query is no longer running (cancel) after so many milliseconds. */
  | {readonly type: 'cancelled'; readonly afterMs: number}
  /** Nothing was signalled: the session had ended, or its pid belongs to another one now. */
  | {readonly type: 'gone'}
  /** Nothing was signalled: the statement to cancel had ended; the session runs another one or none. */
  | {readonly type: 'moved-on'}
  /** Nothing was signalled: the server said no. */
  | {readonly type: 'refused'; readonly message: string}
  /** The signal was sent and the session is as it was after so many milliseconds. */
  | {readonly type: 'still-there'; readonly afterMs: number}
  /** It is not known whether the signal arrived or what it did. */
  | {readonly type: 'unknown'; readonly message: string};

/** Why a session cannot be signalled at all, as a sentence; null when it can be tried. */
export function whyNotSignalled(action: SignalAction, backend: Backend): string | null {
  const {pid, backendStart, backendType, state} = backend;
  if (backendStart === null) {
    return `${pid}: this role may not see when the session began, so a signal could hit another one. Ask for pg_read_all_stats.`;
  }
  if (backendType !== null && UNSIGNALLED.has(backendType))
    return `${pid} is a ${backendType}: the server does not let it be signalled.`;
  if (action === 'terminate') return null;
  if (state === 'idle') return `${pid} is idle: nothing to cancel. Terminating ends the session.`;
  if (state?.startsWith('idle in transaction')) {
    return `${pid} is ${state}: nothing to cancel, its locks stay. Terminate it.`;
  }
  if (state !== 'active') {
    return `${pid} (${backendType ?? 'unknown'}) runs no query that could be cancelled.`;
  }
  return null;
}

/** Processes whose pid pg_cancel_backend and pg_terminate_backend do not accept. */
const UNSIGNALLED = new Set([
  'checkpointer',
  'background writer',
  'walwriter',
  'startup',
  'walreceiver',
  'archiver',
  'io worker',
  'walsummarizer',
]);
