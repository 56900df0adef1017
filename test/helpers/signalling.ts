import {createAuditor} from '../../source/commands/auditor.ts';
import {startBatch} from '../../source/commands/run-batch.ts';
import {type AuditLog, openAuditLog} from '../../source/host/audit-log.ts';
import type {Batch} from '../../source/model/batch.ts';
import type {BatchRun, Progress} from '../../source/model/batch-run.ts';
import type {BatchTarget, SignalAction, SignalTarget} from '../../source/model/signal.ts';
import {targetOf} from '../../source/model/signal-refusal.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import {takeSnapshot} from './monitoring.ts';

/** A session as the monitor sees it now, and how a signal would be told of it. */
export async function seenBy(monitor: PreparedSession, pid: number): Promise<BatchTarget> {
  const snapshot = await takeSnapshot(monitor);
  const session = snapshot.byPid.get(pid);
  if (session === undefined) throw new Error(`${pid} is not to be seen`);
  return {session, target: targetOf(session, snapshot)};
}

/** Signals a batch and follows it to its end. Without a server of its own it is for the one that is monitored. */
export async function signalBatch(
  monitor: PreparedSession,
  given: Omit<Batch, 'server'> & Partial<Batch>,
  waitMs: number,
  log: AuditLog = openAuditLog(null),
): Promise<BatchRun> {
  const batch: Batch = {server: monitor.capabilities.server, ...given};
  const auditor = createAuditor(log, null, () => performance.now());
  auditor.observe(await takeSnapshot(monitor));
  return await startBatch(monitor, batch, {auditor, isReadOnlyAt: () => false, waitMs}).outcome;
}

/** Signals one session, whatever is known against it, and follows it to its end. */
export async function signalAndFollow(
  monitor: PreparedSession,
  action: SignalAction,
  target: BatchTarget,
  waitMs = 20_000,
): Promise<Progress | undefined> {
  const run = await signalBatch(monitor, {action, targets: [target], skipped: []}, waitMs);
  return run.targets[0]?.progress;
}

/** The same session of another start. */
export function ofAnotherStart({session, target}: BatchTarget, microseconds: number): BatchTarget {
  if (target.kind !== 'session') throw new Error('the session has no start to compare');
  const other: SignalTarget = {...target, backendStart: target.backendStart + microseconds};
  return {session, target: other};
}
