import type {AuditResult} from '../model/audit-record.ts';
import type {Batch, SkippedSession} from '../model/batch.ts';
import type {TargetRun} from '../model/batch-run.ts';
import type {Session} from '../model/session.ts';
import type {SignalAction} from '../model/signal.ts';
import type {Server} from '../model/snapshot.ts';

/** What is noted of a target before its signal is sent, and when its outcome is known. */
export type AuditNote = {
  readonly event: 'signal' | 'outcome';
  readonly action: SignalAction;
  /** The server it was decided on. */
  readonly server: Server;
  readonly pid: number;
  /** Null for a pid that no session had. */
  readonly session: Session | null;
  readonly result: AuditResult | null;
  readonly sqlState?: string | null;
  readonly message?: string | null;
  readonly afterMs?: number | null;
};

/** That a signal is about to be sent. */
export function signalNote({action, server}: Batch, {target, session}: TargetRun): AuditNote {
  const message = target.kind === 'process' ? BY_SYSTEM[action] : null;
  return {event: 'signal', action, server, pid: target.pid, session, result: null, message};
}

/** What tells a signal of the operating system from one that the server sent. */
const BY_SYSTEM = {
  cancel: 'SIGINT by the operating system: no session could be had (53300)',
  terminate: 'SIGTERM by the operating system: no session could be had (53300)',
} as const;

/** That a session was left out of a batch. */
export function skippedNote({action, server}: Batch, {session, refusal}: SkippedSession): AuditNote {
  const {pid} = session.backend;
  return {
    event: 'outcome',
    action,
    server,
    pid,
    session,
    result: 'refused',
    message: `skipped: ${refusal.text}`,
  };
}

/** What is known of a target by now. */
export function outcomeNote({action, server}: Batch, {target, session, progress}: TargetRun): AuditNote {
  const note = {event: 'outcome', action, server, pid: target.pid, session} as const;
  switch (progress.type) {
    case 'ended':
    case 'cancelled':
      return {...note, result: progress.type, afterMs: progress.afterMs};
    case 'still-there': {
      const message = progress.isRollingBack ? 'rolling back' : null;
      return {...note, result: progress.type, afterMs: progress.afterMs, message};
    }
    case 'refused':
      return {...note, result: 'refused', sqlState: progress.sqlState, message: progress.message};
    case 'unknown':
    case 'not-sent':
      return {...note, result: progress.type, message: progress.message};
    case 'gone':
    case 'moved-on':
    case 'signalled':
      return {...note, result: progress.type};
    case 'queued':
    case 'sending':
      return {...note, result: null};
    default:
      return progress satisfies never;
  }
}
