import type {Batch} from './batch.ts';
import {isSameProcess} from './process-table.ts';
import {withoutWaiting} from './process-title.ts';
import {isSameServer} from './same-server.ts';
import type {BatchTarget, SignalAnswer, SignalOutcome} from './signal.ts';
import type {Snapshot} from './snapshot.ts';

/** How far one target of a running batch is. `atMs` is the local monotonic clock. */
export type Progress =
  | {readonly type: 'queued'}
  /** The server is being asked to signal it and has not answered. */
  | {readonly type: 'sending'}
  /** The server took the signal then. `rollingBackSinceMs`: since when it is seen to have obeyed and to clear up; null before. */
  | {readonly type: 'signalled'; readonly atMs: number; readonly rollingBackSinceMs: number | null}
  | SignalOutcome;

/** A target with how far it is. */
export type TargetRun = BatchTarget & {readonly progress: Progress};

/** A batch on its way. Immutable. */
export type BatchRun = {
  readonly id: number;
  readonly batch: Batch;
  readonly targets: readonly TargetRun[];
  /** The user wants the rest not to be signalled. */
  readonly isStopped: boolean;
  /** Why the audit log could not be written; null while it could. */
  readonly auditProblem: string | null;
};

/** A batch before its first signal. */
export function startRun(id: number, batch: Batch): BatchRun {
  const targets = batch.targets.map(target => ({...target, progress: {type: 'queued'} as const}));
  return {id, batch, targets, isStopped: false, auditProblem: null};
}

/** True when nothing more will become of a target. */
export function isSettled({progress}: TargetRun): boolean {
  return progress.type !== 'queued' && progress.type !== 'sending' && progress.type !== 'signalled';
}

/** True when the outcome of every target is known. */
export function isFinished({targets}: BatchRun): boolean {
  return targets.every(isSettled);
}

/** The progress that the server's answer makes. */
export function answered(answer: SignalAnswer, atMs: number): Progress {
  return answer.type === 'signalled' ? {type: 'signalled', atMs, rollingBackSinceMs: null} : answer;
}

/** What a new snapshot says about a target that was signalled: ended, cancelled, rolling back, or as it was. */
export function followed(run: BatchRun, target: TargetRun, snapshot: Snapshot, nowMs: number): Progress {
  const {progress} = target;
  if (progress.type !== 'signalled' || !tellsOf(snapshot, target)) return progress;
  if (!isSameServer(run.batch.server.identity, snapshot.reading.server.identity))
    return {type: 'unknown', message: ELSEWHERE};
  const afterMs = Math.round(nowMs - progress.atMs);
  if (hasEnded(target, snapshot)) return {type: 'ended', afterMs};
  if (run.batch.action === 'cancel' && hasMovedOn(target, snapshot)) return {type: 'cancelled', afterMs};
  if (progress.rollingBackSinceMs !== null || !isRollingBack(target, snapshot)) return progress;
  return {...progress, rollingBackSinceMs: nowMs};
}

/** Whether a snapshot can tell what became of a target: of a process the process table, of a session the server. */
function tellsOf({reading}: Snapshot, {target}: TargetRun): boolean {
  return (target.kind === 'process') === (reading.processTable !== null);
}

const ELSEWHERE =
  'the signal was sent, and pgtop is connected to another server since, or this one was restarted';

/** The progress of a target that was signalled so long ago that nobody waits for it any more. */
export function givenUp(
  {batch}: BatchRun,
  target: TargetRun,
  progress: Progress,
  snapshot: Snapshot,
  nowMs: number,
  waitMs: number,
): Progress {
  if (progress.type !== 'signalled' || nowMs - progress.atMs < waitMs || !tellsOf(snapshot, target))
    return progress;
  const whyUnseen = batch.action === 'cancel' ? whyNotSeen(target, snapshot) : null;
  if (whyUnseen !== null) return {type: 'unknown', message: `the signal was sent, and ${whyUnseen}`};
  return {
    type: 'still-there',
    afterMs: Math.round(nowMs - progress.atMs),
    isRollingBack: progress.rollingBackSinceMs !== null,
  };
}

/** Why it is not to be seen whether a query was cancelled; null where it is. */
function whyNotSeen({target, session}: TargetRun, {virtualTransactions}: Snapshot): string | null {
  switch (target.kind) {
    case 'session':
      return null;
    case 'process':
      return session.backend.state === null ? MUTE : SAME_TITLE;
    case 'transaction':
      return virtualTransactions === null ? UNSEEN : null;
    case 'role':
      return UNSEEN;
    default:
      return target satisfies never;
  }
}

const MUTE = 'the title of the process does not tell what it does';
const SAME_TITLE = 'the process table does not tell whether it still runs the same command';
const UNSEEN = 'this role may not see what the session does';

/** Why nobody follows a batch any longer: the program ends, or the only connection is lost. */
export type Abandonment = 'left' | 'lost';

/** What is known of a target when nobody will follow it any longer. */
export function abandoned(progress: Progress, why: Abandonment): Progress {
  switch (progress.type) {
    case 'queued':
      return {type: 'not-sent', message: ABANDONED[why]};
    case 'sending':
      return {type: 'unknown', message: `${ABANDONED[why]} before the server answered`};
    case 'signalled':
      return why === 'left' ? progress : {type: 'unknown', message: LOST};
    default:
      return progress;
  }
}

const ABANDONED: Record<Abandonment, string> = {left: 'pgtop ended', lost: 'the connection was lost'};
const LOST = 'the signal was sent, and the connection was lost since';

/** A target that was signalled so long ago, with no data from the server since, that its outcome will not be known. */
export function unseen(progress: Progress, nowMs: number, waitMs: number): Progress {
  if (progress.type !== 'signalled' || nowMs - progress.atMs < waitMs) return progress;
  return {type: 'unknown', message: 'the signal was sent, and no data have come from the server since'};
}

function hasEnded({target, session}: TargetRun, {byPid}: Snapshot): boolean {
  const now = byPid.get(target.pid);
  if (now === undefined) return true;
  switch (target.kind) {
    case 'process':
      return now.serverProcess === null || !isSameProcess(now.serverProcess, target);
    case 'session':
      return now.key !== session.backend.key;
    case 'transaction':
    case 'role': {
      // A session that has left the transaction may live on.
      const {usesysid, datid} = session.backend;
      return now.backend.usesysid !== usesysid || now.backend.datid !== datid;
    }
    default:
      return target satisfies never;
  }
}

function hasMovedOn({target}: TargetRun, {byPid, virtualTransactions}: Snapshot): boolean {
  if (target.kind === 'transaction')
    return virtualTransactions !== null && virtualTransactions.get(target.pid) !== target.virtualTransaction;
  const now = byPid.get(target.pid);
  if (now === undefined || target.kind === 'role') return false;
  const {backend, serverProcess} = now;
  // One command cannot be told from the next of its kind.
  if (target.kind === 'process')
    return serverProcess !== null && withoutWaiting(serverProcess.title) !== withoutWaiting(target.title);
  return backend.state !== 'active' || backend.queryStart !== target.queryStart;
}

/** The server takes a transaction's id away first, releases its locks and files after that, and resets xact_start last of all. */
function isRollingBack({session: {backend: before}}: TargetRun, {byPid}: Snapshot): boolean {
  const now = byPid.get(before.pid)?.backend;
  return (
    before.backendXid !== null &&
    now?.backendXid === null &&
    now.xactStart === before.xactStart &&
    now.queryStart === before.queryStart
  );
}
