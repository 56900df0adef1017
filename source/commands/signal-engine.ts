import {setTimeout as sleep} from 'node:timers/promises';
import type {Batch} from '../model/batch.ts';
import {
  type Abandonment,
  abandoned,
  answered,
  type BatchRun,
  followed,
  givenUp,
  isFinished,
  startRun,
  unseen,
} from '../model/batch-run.ts';
import type {SignalAnswer, SignalTarget} from '../model/signal.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {type AuditNote, outcomeNote} from './audit-note.ts';
import {type BatchRuns, createBatchRuns} from './batch-runs.ts';

/** Milliseconds between two signals of a batch: a server that ends a thousand sessions at once has nothing left for others. */
const BETWEEN_SIGNALS_MS = 25;
/** Milliseconds until the next refresh while an outcome is awaited: soon after the signal, then seldom. */
const LOOKS_MS = [5, 15, 30, 60, 120, 250];
const LAST_LOOK_MS = 500;
/** How long after the time to wait the outcome is held back for data that have not come. */
const GRACE_MS = 3_000;

/** What the engine acts on. */
export type EngineOutside = {
  /** Sends one signal of a batch, ahead of the next refresh. Never rejects. */
  readonly send: (batch: Batch, target: SignalTarget) => Promise<SignalAnswer>;
  /** Has the targets of a batch read soon; what comes of it is given to observe(). */
  readonly refresh: (batch: Batch) => void;
  /** Writes to the audit log before it returns. @returns why that failed, or null */
  readonly note: (note: AuditNote) => string | null;
  readonly onChange: (run: BatchRun) => void;
  /** Milliseconds for which the outcome of each signal is awaited. */
  readonly waitMs: number;
  readonly clockMs: () => number;
};

/** Signals batches over the monitor's one connection, one guarded statement a target, and follows each target in the snapshots. */
export type SignalEngine = {
  /** Starts a batch; resolves when the outcome of every target is known, or nobody follows it any longer. */
  run(batch: Batch): Promise<BatchRun>;
  /** Leaves the targets of a batch alone that have not been signalled yet. */
  stop(id: number): void;
  observe(snapshot: Snapshot): void;
  /** Ends every batch; what is known of each target by then is noted for the audit log, since nobody will wait for more. */
  close(why: Abandonment): void;
};

/** An engine without batches. */
export function createSignalEngine(outside: EngineOutside): SignalEngine {
  const runs = createBatchRuns(outside.note, outside.onChange);
  const {clockMs, waitMs} = outside;
  const closed = Promise.withResolvers<void>();
  const left = new Map<number, BatchRun>();
  return {
    async run(batch) {
      const id = runs.start(batch);
      const isOver = Promise.all([sendAll(runs, id, outside), watch(runs, id, outside)]);
      await Promise.race([isOver, closed.promise]);
      return runs.remove(id) ?? left.get(id) ?? startRun(id, batch);
    },
    stop: id => runs.stop(id),
    observe(snapshot) {
      const nowMs = clockMs();
      for (const id of runs.ids()) {
        runs.advanceAll(id, (run, target) =>
          givenUp(run, target, followed(run, target, snapshot, nowMs), snapshot, nowMs, waitMs),
        );
      }
    },
    close(why) {
      for (const id of runs.ids()) {
        runs.advanceAll(id, (_, {progress}) => abandoned(progress, why));
        const run = runs.remove(id);
        if (run === undefined) continue;
        const under = run.targets.filter(({progress}) => progress.type === 'signalled');
        const problems = under.map(target => outside.note(outcomeNote(run.batch, target)));
        left.set(id, {...run, auditProblem: problems.find(problem => problem !== null) ?? run.auditProblem});
      }
      closed.resolve();
    },
  };
}

/** Signals one target after another until all are or somebody stops the batch. */
async function sendAll(runs: BatchRuns, id: number, {send, clockMs}: EngineOutside): Promise<void> {
  const {batch} = runs.get(id) ?? {};
  for (const [index, {target}] of batch?.targets.entries() ?? []) {
    if (index > 0) await sleep(BETWEEN_SIGNALS_MS);
    const run = runs.get(id);
    if (run === undefined || run.isStopped || batch === undefined) break;
    runs.begin(id, index);
    runs.advance(id, index, answered(await send(batch, target), clockMs()));
  }
  runs.advanceAll(id, (_, {progress}) => (progress.type === 'queued' ? STOPPED : progress));
}

const STOPPED = {type: 'not-sent', message: 'the batch was stopped'} as const;

/** Has the server read until every outcome is known, or has not become known in time. */
async function watch(runs: BatchRuns, id: number, {refresh, waitMs, clockMs}: EngineOutside): Promise<void> {
  for (let turn = 0; ; turn++) {
    const run = runs.get(id);
    if (run === undefined || isFinished(run)) return;
    await sleep(LOOKS_MS[turn] ?? LAST_LOOK_MS);
    refresh(run.batch);
    runs.advanceAll(id, (_, {progress}) => unseen(progress, clockMs(), waitMs + GRACE_MS));
  }
}
