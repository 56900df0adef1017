import type {ProcessIdentity} from './process-table.ts';
import type {Session} from './session.ts';
import type {Microseconds} from './timestamp.ts';

/** What is done to a session: pg_cancel_backend ends its query, pg_terminate_backend ends the session. */
export type SignalAction = 'cancel' | 'terminate';

/** What a signal is meant for, as it was when the key was pressed. */
export type SignalTarget = SessionTarget | ProcessTarget;

/** The process that a signal of the operating system is meant for: SIGINT cancels, SIGTERM terminates. */
export type ProcessTarget = ProcessIdentity & {
  readonly kind: 'process';
  /** The process that started it. */
  readonly postmaster: ProcessIdentity;
  /** Its title, which a cancel is bound to. */
  readonly title: string;
};

/** The session a signal is meant for, by what the statement that signals compares. */
export type SessionTarget =
  /** The session that began then (backend_start); a cancel is meant for the statement that ran then (query_start). */
  | {
      readonly kind: 'session';
      readonly pid: number;
      readonly backendStart: Microseconds;
      readonly queryStart: Microseconds | null;
    }
  /** Where backend_start is hidden: the session that is in this transaction (pg_locks.virtualtransaction). */
  | {
      readonly kind: 'transaction';
      readonly pid: number;
      readonly virtualTransaction: string;
      readonly usesysid: number | null;
      readonly datid: number | null;
    }
  /** The weaker guard, where both are missing: whoever has this pid, role and database. */
  | {
      readonly kind: 'role';
      readonly pid: number;
      readonly usesysid: number | null;
      readonly datid: number | null;
    };

/** A session that is to be signalled: as the user saw it, and how the server is told of it. */
export type BatchTarget = {readonly session: Session; readonly target: SignalTarget};

/** What the server answered to the statement that signals. */
export type SignalAnswer =
  /** pg_cancel_backend or pg_terminate_backend returned true: the signal was sent, which is not yet an effect. */
  | {readonly type: 'signalled'}
  /** Nothing was signalled: the session had ended, or its pid belongs to another one now. */
  | {readonly type: 'gone'}
  /** Nothing was signalled: the statement to cancel, or the transaction a hidden session was in, had ended; the session may live on. */
  | {readonly type: 'moved-on'}
  /** Nothing was signalled: the server said no, or was not asked. `sqlState` null: it gave no error but a warning, or was not asked. */
  | {readonly type: 'refused'; readonly sqlState: string | null; readonly message: string}
  /** It is not known whether the signal arrived or what it did. */
  | {readonly type: 'unknown'; readonly message: string};

/** What came of a signal in the end. */
export type SignalOutcome =
  /** The session is gone after so many milliseconds. */
  | {readonly type: 'ended'; readonly afterMs: number}
  /** The query is no longer running (cancel) after so many milliseconds. */
  | {readonly type: 'cancelled'; readonly afterMs: number}
  /** The signal was sent and the session is there after so many milliseconds; `isRollingBack`: it has obeyed and clears up. */
  | {readonly type: 'still-there'; readonly afterMs: number; readonly isRollingBack: boolean}
  /** The batch ended before this one's turn; `message` says why. */
  | {readonly type: 'not-sent'; readonly message: string}
  | Exclude<SignalAnswer, {type: 'signalled'}>;
