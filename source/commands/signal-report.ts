import type {Batch} from '../model/batch.ts';
import type {BatchRun, Progress, TargetRun} from '../model/batch-run.ts';
import {formatDuration} from '../model/format.ts';
import {plainTable} from '../model/plain-table.ts';
import type {Session} from '../model/session.ts';
import {serverJson, sessionJson} from '../model/session-json.ts';
import type {SignalAction} from '../model/signal.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {isoTimestamp} from '../model/timestamp.ts';
import {progressText} from '../state/outcome-texts.ts';
import {outcomeNote} from './audit-note.ts';

/** What a signal command did, or would do. */
export type SignalReport = {
  readonly snapshot: Snapshot;
  readonly batch: Batch;
  /** Pids that were asked for and that no session has. */
  readonly missing: readonly number[];
  /** The connection's own pid when it was asked for; null otherwise. */
  readonly ownPid: number | null;
  /** True when the targets were named by pid, not by a filter. */
  readonly byPid: boolean;
  /** Null when nothing was signalled. */
  readonly run: BatchRun | null;
};

/** 0 when every target has ended or its query was cancelled; 3 when a signal was refused, a target is still there, or nothing matched. */
export function exitCodeOf({batch, ownPid, byPid, run}: SignalReport): 0 | 3 {
  const targets = run?.targets ?? [];
  const isDone = targets.every(({progress: {type}}) => DONE[batch.action].has(type));
  const hasEffect = targets.some(({progress}) => EFFECT.has(progress.type));
  // A filter may well hold for sessions that have no query to cancel; a pid was meant.
  const isRefused = batch.skipped.some(
    ({refusal}) => byPid || refusal.reason === 'not-permitted' || refusal.reason === 'unguarded',
  );
  return isDone && hasEffect && !isRefused && ownPid === null ? 0 : 3;
}

const EFFECT = new Set<Progress['type']>(['ended', 'cancelled']);
/** What leaves nothing to do: a session that went on has no query to cancel any more, and is there still to be terminated. */
const DONE: Record<SignalAction, ReadonlySet<Progress['type']>> = {
  cancel: new Set([...EFFECT, 'gone', 'moved-on']),
  terminate: new Set([...EFFECT, 'gone']),
};

/** The report as a document; the words of `result` are those of the audit log. */
export function reportJson({snapshot, batch, missing, ownPid, run}: SignalReport): string {
  const {collectedAt, server} = snapshot.reading;
  const runOf = new Map(run?.targets.map(target => [target.session.key, target]));
  return JSON.stringify(
    {
      collected_at: isoTimestamp(collectedAt),
      server: serverJson(server),
      action: batch.action,
      dry_run: run === null,
      targets: [
        ...batch.targets.map(({session}) => ({
          ...identity(session),
          ...resultOf(batch, runOf.get(session.key)),
        })),
        ...missing.map(pid => ({pid, result: 'gone'})),
      ],
      skipped: [
        ...batch.skipped.map(({session, refusal}) => ({
          ...identity(session),
          reason: refusal.reason,
          message: refusal.text,
        })),
        ...(ownPid === null ? [] : [{pid: ownPid, reason: 'own-session', message: OWN}]),
      ],
    },
    null,
    2,
  );
}

const OWN = "pgtop's own session";

function identity(session: Session) {
  const {pid, backend_start, usename, datname, application_name, client_addr, state, xact_age, query} =
    sessionJson(session);
  return {pid, backend_start, usename, datname, application_name, client_addr, state, xact_age, query};
}

/** In the words of the audit log; null before anything was signalled. */
function resultOf(batch: Batch, target: TargetRun | undefined) {
  if (target === undefined) return {result: null};
  const {result, sqlState = null, message = null, afterMs = null} = outcomeNote(batch, target);
  return {result, sqlstate: sqlState, message, after_ms: afterMs};
}

const COLUMNS = [
  {title: 'PID', align: 'right', max: 7},
  {title: 'USER', align: 'left', max: 14},
  {title: 'DATABASE', align: 'left', max: 14},
  {title: 'APP', align: 'left', max: 16},
  {title: 'STATE', align: 'left', max: 29},
  {title: 'AGE', align: 'right', max: 7},
  {title: 'QUERY', align: 'left', max: 60},
  {title: 'RESULT', align: 'left', max: Number.POSITIVE_INFINITY},
] as const;

const LEFT = 'signalled, and left before anything came of it';

/** The report as a table: every session that was meant, with what came of it. */
export function reportTable({batch, missing, ownPid, run}: SignalReport): string {
  const progressOf = new Map(run?.targets.map(({session, progress}) => [session.key, progress]));
  const result = ({key}: Session) => {
    const progress = progressOf.get(key);
    if (progress === undefined) return 'would be signalled';
    return progress.type === 'signalled' ? LEFT : progressText(batch.action, progress, 0);
  };
  const rows = [
    ...batch.targets.map(({session}) => cellsOf(session, result(session))),
    ...batch.skipped.map(({session, refusal}) => cellsOf(session, `skipped: ${refusal.text}`)),
    ...missing.map(pid => [String(pid), '', '', '', '', '', '', 'gone: no session has this pid']),
    ...(ownPid === null ? [] : [[String(ownPid), '', '', '', '', '', '', `skipped: ${OWN}`]]),
  ];
  return rows.length === 0 ? 'no session matches' : plainTable(COLUMNS, rows);
}

function cellsOf(session: Session, result: string): readonly string[] {
  const {pid, usename, datname, applicationName, state, query} = session.backend;
  const age = formatDuration(session.xactAgeMs ?? session.stateAgeMs);
  return [String(pid), usename ?? '', datname ?? '', applicationName, state ?? '', age, query, result];
}
