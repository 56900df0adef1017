import type {Batch} from '../model/batch.ts';
import type {BatchRun, Progress, TargetRun} from '../model/batch-run.ts';
import {formatDuration} from '../model/format.ts';
import type {Session} from '../model/session.ts';
import type {SignalAction} from '../model/signal.ts';
import type {Message} from './state.ts';

/** The targets of a batch in few words: the pid of one, the number of several. */
export function targetWords({targets}: Batch): string {
  const [only] = targets;
  return targets.length === 1 && only !== undefined ? String(only.target.pid) : `${targets.length} sessions`;
}

/** How far a target is, in a few words. `nowMs` is the local clock. */
export function progressText(action: SignalAction, progress: Progress, nowMs: number): string {
  switch (progress.type) {
    case 'queued':
      return 'waits its turn';
    case 'sending':
      return 'is being signalled';
    case 'signalled':
      return progress.rollingBackSinceMs === null
        ? `signalled ${formatDuration(nowMs - progress.atMs)} ago`
        : `rolling back for ${formatDuration(nowMs - progress.rollingBackSinceMs)}`;
    case 'ended':
      return `ended after ${progress.afterMs} ms`;
    case 'cancelled':
      return `query cancelled after ${progress.afterMs} ms`;
    case 'gone':
      return 'gone before the signal';
    case 'moved-on':
      return action === 'cancel'
        ? 'its query had ended, nothing was cancelled'
        : 'its transaction had ended, nothing was terminated; the session may live on';
    case 'refused':
      return `refused: ${progress.message}`;
    case 'still-there':
      return progress.isRollingBack
        ? `still rolling back after ${formatDuration(progress.afterMs)}`
        : `still there ${formatDuration(progress.afterMs)} after the ${action}`;
    case 'not-sent':
      return `not signalled: ${progress.message}`;
    case 'unknown':
      return `not known: ${progress.message}`;
    default:
      return progress satisfies never;
  }
}

/** The message when all outcomes of a batch are known: the whole of it for one target, the counts for several. */
export function runMessage(run: BatchRun): Message {
  const [only] = run.targets;
  const told =
    run.targets.length === 1 && only !== undefined ? oneMessage(run.batch.action, only) : manyMessage(run);
  const problem = run.auditProblem === null ? '' : ` The audit log was not written: ${run.auditProblem}`;
  return {text: told.text + problem, kind: problem === '' ? told.kind : 'bad'};
}

function oneMessage(action: SignalAction, target: TargetRun): Message {
  const {progress} = target;
  const {pid, kind} = target.target;
  switch (progress.type) {
    case 'ended':
    case 'cancelled': {
      const colon = progress.type === 'ended' ? '' : ':';
      return {text: `${pid}${colon} ${progressText(action, progress, 0)}.`, kind: 'good'};
    }
    case 'gone':
      return {
        text: `Nothing was signalled: there is no such session any more (${pid} has ended).`,
        kind: 'bad',
      };
    case 'moved-on':
      return {
        text:
          kind === 'session' || kind === 'process'
            ? `Nothing was signalled: that query of ${pid} has ended; the session goes on.`
            : `Nothing was signalled: the transaction that ${pid} was in has ended; the session may live on.`,
        kind: 'bad',
      };
    case 'still-there':
      return {text: stillThere(action, target, progress), kind: 'bad'};
    case 'unknown':
      return {text: `${pid}: not known what came of the ${action}: ${progress.message}`, kind: 'bad'};
    case 'refused':
    case 'queued':
    case 'sending':
    case 'signalled':
    case 'not-sent':
      return {text: `${pid}: ${progressText(action, progress, 0)}`, kind: 'bad'};
    default:
      return progress satisfies never;
  }
}

function stillThere(
  action: SignalAction,
  {session, target: {pid}}: TargetRun,
  {afterMs, isRollingBack}: Extract<Progress, {type: 'still-there'}>,
): string {
  const seconds = Math.round(afterMs / 1000);
  if (isRollingBack) return `${pid} obeyed the ${action} and is rolling back, for ${seconds} s so far.`;
  const offer = action === 'cancel' && isRecognised(session) ? ' F9 offers to terminate it.' : '';
  return `${pid} is still there ${seconds} s after the ${action}: the signal was sent, the session has not obeyed yet.${offer}`;
}

const COUNTED: readonly (readonly [Progress['type'], string])[] = [
  ['queued', 'waiting their turn'],
  ['sending', 'being signalled'],
  ['signalled', 'signalled'],
  ['ended', 'ended'],
  ['cancelled', 'cancelled'],
  ['gone', 'gone before'],
  ['moved-on', 'moved on'],
  ['refused', 'refused'],
  ['still-there', 'still there'],
  ['not-sent', 'not signalled'],
  ['unknown', 'not known'],
];

/** How many targets are how far, and how many sessions were left out: `12 ended, 3 refused, 2 skipped`. */
export function countsText({targets, batch}: BatchRun): string {
  const counts = COUNTED.flatMap(([type, words]) => {
    const count = targets.filter(({progress}) => progress.type === type).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const skipped = batch.skipped.length === 0 ? [] : [`${batch.skipped.length} skipped`];
  return [...counts, ...skipped].join(', ');
}

function manyMessage(run: BatchRun): Message {
  const isGood = run.targets.every(
    ({progress}) => progress.type === 'ended' || progress.type === 'cancelled',
  );
  const ignored = ignoredCancel(run).length;
  const offer = ignored === 0 ? '' : ` F9 offers to terminate the ${ignored} that ignored the cancel.`;
  return {text: `${countsText(run)}.${offer}`, kind: isGood ? 'good' : 'bad'};
}

/** Where a session's start is hidden, what is remembered of it could pass on to another one of the same pid. */
function isRecognised({backend}: Session): boolean {
  return backend.backendStart !== null;
}

/** The targets that a cancel was sent to without any effect, as far as they can be recognised later. */
export function ignoredCancel({batch, targets}: BatchRun): readonly TargetRun[] {
  if (batch.action !== 'cancel') return [];
  return targets.filter(
    ({session, progress}) =>
      progress.type === 'still-there' && !progress.isRollingBack && isRecognised(session),
  );
}
