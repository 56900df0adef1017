import {type BatchRun, isFinished} from '../model/batch-run.ts';
import type {Update} from './action.ts';
import {scrolledList} from './list-scroll.ts';
import type {Mode} from './mode.ts';
import {ignoredCancel, runMessage} from './outcome-texts.ts';
import type {State} from './state.ts';

type BatchMode = Extract<Mode, {type: 'batch'}>;

/** A batch that has begun, got on or finished. One of several targets is shown on a panel of its own from its begin. */
export function advanceBatch(state: State, run: BatchRun): Update<State> {
  const isNew = !state.runs.some(({id}) => id === run.id) && !isShown(state, run);
  const others = state.runs.filter(({id}) => id !== run.id);
  const {mode} = state;
  const next: State = {...state, runs: isFinished(run) ? others : [...others, run]};
  if (isShown(state, run) && mode.type === 'batch') return finish({...next, mode: {...mode, run}}, run);
  const rollingBack = rollingBackText(run);
  if (rollingBack !== null) return [{...next, message: {text: rollingBack, kind: 'note'}}];
  if (isNew && run.targets.length > 1 && mode.type !== 'confirm')
    return finish({...next, message: null, mode: {type: 'batch', run, scroll: 0, returnTo: mode}}, run);
  return finish(next, run);
}

function isShown({mode}: State, {id}: BatchRun): boolean {
  return mode.type === 'batch' && mode.run.id === id;
}

/** That the one target of a batch has obeyed and clears up; null otherwise. */
function rollingBackText({targets}: BatchRun): string | null {
  const [only] = targets;
  if (targets.length !== 1 || only?.progress.type !== 'signalled') return null;
  return only.progress.rollingBackSinceMs === null
    ? null
    : `${only.target.pid} has obeyed and is rolling back …`;
}

/** When all outcomes are known they are told, the data are refreshed, and what ignored a cancel is remembered. */
function finish(state: State, run: BatchRun): Update<State> {
  if (!isFinished(run)) return [state];
  const signalled = new Set(run.targets.map(({session}) => session.key));
  const before = [...state.ignoredCancel].filter(key => !signalled.has(key));
  const ignored = ignoredCancel(run).map(({session}) => session.key);
  return [
    {...state, ignoredCancel: new Set([...before, ...ignored]), message: runMessage(run)},
    {type: 'look'},
  ];
}

/** A key while a batch is shown: Esc leaves the rest alone while some wait their turn, and closes the panel after that. */
export function updateBatchPanel(state: State, mode: BatchMode, key: string): Update<State> {
  if (key === 'ctrl+c' || key === 'f10') return [state, {type: 'quit'}];
  const scroll = scrolledList(key, mode.scroll, mode.run.targets.length + mode.run.batch.skipped.length);
  if (scroll !== null) return [{...state, mode: {...mode, scroll}}];
  if (key !== 'escape' && key !== 'q') return [state];
  if (isSending(mode.run)) return [state, {type: 'stop-batch', id: mode.run.id}];
  return [{...state, mode: mode.returnTo}];
}

/** True while targets wait their turn and nobody has stopped the batch. */
export function isSending({targets, isStopped}: BatchRun): boolean {
  return !isStopped && targets.some(({progress}) => progress.type === 'queued');
}
