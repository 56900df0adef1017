import type {Batch} from '../model/batch.ts';
import {type BatchRun, startRun} from '../model/batch-run.ts';
import type {ReadOnlyRule} from '../model/read-only.ts';
import {snapshotOf} from '../model/snapshot.ts';
import type {PreparedSession} from '../postgres/prepare-monitoring.ts';
import {isServersDoing} from '../postgres/sql-state.ts';
import type {Auditor} from './auditor.ts';
import {sendGuarded} from './send-guarded.ts';
import {createSignalEngine} from './signal-engine.ts';

/** How a batch without a monitor is run. */
export type BatchOptions = {
  readonly auditor: Auditor;
  readonly isReadOnlyAt: ReadOnlyRule;
  /** Milliseconds for which the outcome of each signal is awaited. */
  readonly waitMs: number;
};

/** A batch on its way. */
export type RunningBatch = {
  /** Resolves when the outcome of every target is known, or nobody follows it any longer. */
  readonly outcome: Promise<BatchRun>;
  /** Leaves the targets alone that have not been signalled yet. Where there are none, the outcome is what is known once the server has answered. */
  stop(): void;
  /** Follows no target any longer: the outcome is what is known by now. */
  leave(): void;
};

/** Signals a batch over one session, reading the server on it in between. */
export function startBatch(
  session: PreparedSession,
  batch: Batch,
  {auditor, isReadOnlyAt, waitMs}: BatchOptions,
): RunningBatch {
  let isReading = false;
  let standing = startRun(0, batch);
  let isLeaving = false;
  const read = async () => {
    if (isReading) return;
    isReading = true;
    try {
      const snapshot = snapshotOf(await session.collector.collect());
      auditor.observe(snapshot);
      engine.observe(snapshot);
    } catch (error) {
      // A connection that is lost is told of by its end.
      if (!isServersDoing(error)) throw error;
    } finally {
      isReading = false;
    }
  };
  const bug = Promise.withResolvers<never>();
  const engine = createSignalEngine({
    send: (batch, target) => sendGuarded(question => question(session), isReadOnlyAt, batch, target),
    refresh: () => void read().catch(bug.reject),
    note: note => auditor.note(note),
    onChange: run => {
      standing = run;
      if (isLeaving) leaveOnceAnswered();
    },
    waitMs,
    clockMs: () => performance.now(),
  });
  const leaveOnceAnswered = () => {
    if (standing.targets.every(({progress}) => progress.type !== 'sending')) engine.close('left');
  };
  void session.connection.ended.then(() => engine.close('lost'));
  return {
    outcome: Promise.race([engine.run(batch), bug.promise]),
    stop() {
      if (standing.targets.some(({progress}) => progress.type === 'queued')) return engine.stop(standing.id);
      isLeaving = true;
      leaveOnceAnswered();
    },
    leave: () => engine.close('left'),
  };
}
