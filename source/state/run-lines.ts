import {isSettled, type TargetRun} from '../model/batch-run.ts';
import {listRoom, visiblePart} from './batch-lines.ts';
import {type Line, line, span} from './line.ts';
import type {Mode} from './mode.ts';
import {countsText, ignoredCancel, progressText} from './outcome-texts.ts';
import type {State} from './state.ts';
import {isSending} from './update-batch.ts';

/** The panel of a batch on its way: the counts, then every target with how far it is, what is not settled first. */
export function runLines(
  {run, scroll}: Extract<Mode, {type: 'batch'}>,
  state: Pick<State, 'rows' | 'nowMs'>,
): readonly Line[] {
  const {action, skipped} = run.batch;
  const doing = action === 'cancel' ? 'Cancelling' : 'Terminating';
  const entries = [
    ...[...run.targets]
      .sort((a, b) => rank(a) - rank(b))
      .map(target => targetLine(target, action, state.nowMs)),
    ...skipped.map(({refusal}) => line(`  skipped: ${refusal.text}`, 'dim')),
  ];
  const way = isSending(run) ? 'Esc stops the rest' : run.isStopped ? 'stopped · Esc closes' : 'Esc closes';
  const ignored = ignoredCancel(run).length;
  return [
    {spans: [span(` ${doing} ${run.targets.length} sessions · ${way} `, 'danger')], mark: 'banner'},
    line(` ${countsText(run)}`, 'strong'),
    ...(run.auditProblem === null
      ? []
      : [line(` The audit log is not written: ${run.auditProblem}`, 'danger')]),
    ...(ignored === 0
      ? []
      : [line(` ${ignored} ignored the cancel: F9 offers to terminate them.`, 'waiting')]),
    ...visiblePart(entries, scroll, listRoom(state)),
  ];
}

/** What needs eyes first: what the server refused or did not do, then what is under way, then what is done. */
function rank({progress}: TargetRun): number {
  switch (progress.type) {
    case 'refused':
    case 'still-there':
    case 'unknown':
      return 0;
    case 'sending':
    case 'signalled':
      return 1;
    case 'queued':
    case 'not-sent':
      return 2;
    default:
      return 3;
  }
}

function targetLine(target: TargetRun, action: 'cancel' | 'terminate', nowMs: number): Line {
  const {session, progress} = target;
  const {pid, usename, datname, applicationName} = session.backend;
  const isBad = rank(target) === 0;
  return {
    spans: [
      span(`  ${String(pid).padStart(7)} ${usename ?? ''}@${datname ?? ''} ${applicationName} `),
      span(progressText(action, progress, nowMs), isBad ? 'danger' : isSettled(target) ? 'good' : 'waiting'),
    ],
  };
}
