import type {Batch} from '../model/batch.ts';
import {type BatchRun, isSettled, type Progress, startRun, type TargetRun} from '../model/batch-run.ts';
import {type AuditNote, outcomeNote, signalNote, skippedNote} from './audit-note.ts';

/** The batches on their way. Whatever becomes of a target is noted for the audit log as it is put in. */
export type BatchRuns = {
  /** Takes a batch in and tells of it; the number it has from now on. */
  start(batch: Batch): number;
  get(id: number): BatchRun | undefined;
  ids(): readonly number[];
  /** Notes that a target is about to be signalled, and tells of it. */
  begin(id: number, index: number): void;
  /** Puts the progress of one target in, and tells of it. */
  advance(id: number, index: number, progress: Progress): void;
  /** Puts the progress of every target in, and tells of it when any has changed. */
  advanceAll(id: number, next: (run: BatchRun, target: TargetRun) => Progress): void;
  /** Marks that the rest is not to be signalled. */
  stop(id: number): void;
  /** Takes a batch out. */
  remove(id: number): BatchRun | undefined;
};

/** No batches. `note` answers why the audit log could not be written, or null. */
export function createBatchRuns(
  note: (note: AuditNote) => string | null,
  onChange: (run: BatchRun) => void,
): BatchRuns {
  const runs = new Map<number, BatchRun>();
  let lastId = 0;
  const put = (run: BatchRun, problem: string | null) =>
    runs.set(run.id, problem === null ? run : {...run, auditProblem: problem});
  const tell = (id: number) => {
    const run = runs.get(id);
    if (run !== undefined) onChange(run);
  };
  const set = (id: number, index: number, progress: Progress) => {
    const run = runs.get(id);
    const target = run?.targets[index];
    if (run === undefined || target === undefined || target.progress === progress) return;
    const changed: TargetRun = {...target, progress};
    const problem = isSettled(changed) ? note(outcomeNote(run.batch, changed)) : null;
    put({...run, targets: run.targets.with(index, changed)}, problem);
  };
  return {
    start(batch) {
      lastId += 1;
      const problems = batch.skipped.map(skipped => note(skippedNote(batch, skipped)));
      put(startRun(lastId, batch), problems.find(problem => problem !== null) ?? null);
      tell(lastId);
      return lastId;
    },
    get: id => runs.get(id),
    ids: () => [...runs.keys()],
    begin(id, index) {
      const run = runs.get(id);
      const target = run?.targets[index];
      if (run === undefined || target === undefined) return;
      const targets = run.targets.with(index, {...target, progress: {type: 'sending'}});
      put({...run, targets}, note(signalNote(run.batch, target)));
      tell(id);
    },
    advance(id, index, progress) {
      set(id, index, progress);
      tell(id);
    },
    advanceAll(id, next) {
      const before = runs.get(id);
      for (const [index, target] of before?.targets.entries() ?? []) {
        if (before !== undefined) set(id, index, next(before, target));
      }
      if (runs.get(id) !== before) tell(id);
    },
    stop(id) {
      const run = runs.get(id);
      if (run !== undefined) runs.set(id, {...run, isStopped: true});
      tell(id);
    },
    remove(id) {
      const run = runs.get(id);
      runs.delete(id);
      return run;
    },
  };
}
