import {batchOf} from '../model/batch.ts';

import {readOnlyRule} from '../model/read-only.ts';
import {sanitise} from '../model/sanitise.ts';
import type {SignalAction} from '../model/signal.ts';
import {type Snapshot, snapshotOf} from '../model/snapshot.ts';
import {UsageError} from '../model/usage-error.ts';
import {type PreparedSession, prepareMonitoring} from '../postgres/prepare-monitoring.ts';
import {type Auditor, auditLogOf, createAuditor} from './auditor.ts';
import {filterChoice, secondsChoice, wordChoice} from './choices.ts';
import {confirmOnTerminal} from './confirm-on-terminal.ts';
import {connectorFor} from './connect.ts';
import {filteredSessions} from './filtered-sessions.ts';
import type {Arguments} from './parse-arguments.ts';
import {print} from './print.ts';
import {type BatchOptions, startBatch} from './run-batch.ts';
import {exitCodeOf, reportJson, reportTable, type SignalReport} from './signal-report.ts';
import {INTERRUPTED, watchSignals} from './ways-out.ts';

const GREATEST_WAIT_SECONDS = 3_600;

/** What the command line asks for. */
type Request = {
  readonly action: SignalAction;
  readonly pids: readonly number[];
  readonly choose: (sessions: Snapshot['sessions']) => Snapshot['sessions'];
  readonly isDryRun: boolean;
  readonly isConfirmed: boolean;
  readonly waitMs: number;
  readonly format: (report: SignalReport) => string;
};

/** `pgtop cancel` and `pgtop terminate`. Resolves with the exit code. @throws UsageError, ConnectError */
export async function signalSessions(
  parsed: Arguments,
  action: SignalAction,
  warn: (line: string) => void,
): Promise<number> {
  const request = requestOf(parsed, action);
  const reason = parsed.values.reason === undefined ? null : sanitise(parsed.values.reason);
  const auditor = createAuditor(auditLogOf(parsed, 'default'), reason, () => performance.now());
  const connector = connectorFor(parsed, warn);
  const session = await prepareMonitoring(() => connector.open());
  try {
    return await signal(request, session, auditor, warn);
  } finally {
    await session.connection.close();
  }
}

async function signal(
  request: Request,
  session: PreparedSession,
  auditor: Auditor,
  warn: (line: string) => void,
): Promise<number> {
  const {action, isDryRun, isConfirmed, waitMs, format} = request;
  const isReadOnlyAt = readOnlyRule(process.env.PGTOP_READ_ONLY);
  const {host} = session.connection.endpoint;
  if (!isDryRun && isReadOnlyAt(host))
    throw new UsageError(`PGTOP_READ_ONLY lets no signal be sent to ${host}`);
  const snapshot = snapshotOf(await session.collector.collect());
  auditor.observe(snapshot);
  const plan = planOf(request, snapshot, session.capabilities.own.pid);
  const {targets} = plan.batch;
  if (isDryRun) {
    await print(format(plan));
    return targets.length > 0 ? 0 : 3;
  }
  const problem = auditor.problem();
  if (problem !== null) warn(`the audit log cannot be written: ${problem}`);
  const mayGo = isConfirmed || targets.length === 0;
  if (!mayGo && !(await confirmOnTerminal(action, targets.length, reportTable(plan)))) {
    warn('nothing was signalled');
    return 3;
  }
  for (const pid of plan.missing)
    auditor.note({event: 'outcome', action, server: plan.batch.server, pid, session: null, result: 'gone'});
  return await run({plan, session, options: {auditor, isReadOnlyAt, waitMs}, format, warn});
}

/**
 * Signals what was planned and prints what came of it. Ctrl-C leaves alone what has not been signalled by then; a second one, or
 * another signal, also ends the wait for what has been.
 */
async function run(work: {
  readonly plan: SignalReport;
  readonly session: PreparedSession;
  readonly options: BatchOptions;
  readonly format: Request['format'];
  readonly warn: (line: string) => void;
}): Promise<number> {
  const {plan, session, options, format, warn} = work;
  let endCode: number | null = null;
  // Watched before the first signal goes out.
  const stopWatching = watchSignals(code => {
    if (endCode === null && code === INTERRUPTED) batch.stop();
    else batch.leave();
    endCode = code;
  });
  const batch = startBatch(session, plan.batch, options);
  const done = await batch.outcome.finally(stopWatching);
  if (done.auditProblem !== null) warn(`the audit log was not written: ${done.auditProblem}`);
  const report = {...plan, run: done};
  await print(format(report));
  if (session.connection.endReason() !== null) return 1;
  return endCode ?? exitCodeOf(report);
}

/** @throws UsageError */
function requestOf({pids, values, switches}: Arguments, action: SignalAction): Request {
  const filter = filterChoice(values);
  if (pids.length > 0 === (filter !== null))
    throw new UsageError(`pgtop ${action} takes PID... or --filter EXPR`, 'Try pgtop --help.');
  if (filter !== null && filter.filter.terms.length === 0)
    throw new UsageError('an empty --filter would hold for every session', 'Try pgtop --help.');
  const isDryRun = switches.has('dry-run');
  const isConfirmed = switches.has('yes');
  if (!isDryRun && !isConfirmed && !process.stdin.isTTY) {
    throw new UsageError(
      `pgtop ${action} asks before it signals, and there is no terminal to ask on`,
      '--yes signals without asking, --dry-run prints the targets.',
    );
  }
  const isJson = wordChoice('format', values.format, ['table', 'json']) === 'json';
  return {
    action,
    pids: [...new Set(pids)],
    choose: sessions =>
      filter === null
        ? sessions.filter(({backend}) => pids.includes(backend.pid))
        : filteredSessions(sessions, filter.filter),
    isDryRun,
    isConfirmed,
    waitMs: secondsChoice('wait', values.wait, 5, 0, GREATEST_WAIT_SECONDS),
    format: isJson ? reportJson : reportTable,
  };
}

/** What would be signalled, decided from one snapshot. The identity listed is the one that the signal compares. */
function planOf({action, pids, choose}: Request, snapshot: Snapshot, ownPid: number): SignalReport {
  const chosen = choose(snapshot.sessions);
  const batch = batchOf(action, chosen, snapshot, false);
  const found = new Set(chosen.map(({backend}) => backend.pid));
  return {
    snapshot,
    batch,
    missing: pids.filter(pid => !found.has(pid) && pid !== ownPid),
    ownPid: pids.includes(ownPid) ? ownPid : null,
    byPid: pids.length > 0,
    run: null,
  };
}
