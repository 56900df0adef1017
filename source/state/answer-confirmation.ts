import type {Update} from './action.ts';
import {scrolledList} from './list-scroll.ts';
import type {Confirmation} from './mode.ts';
import {targetWords} from './outcome-texts.ts';
import type {State} from './state.ts';
import {isTooSmall} from './terminal-bounds.ts';

/**
 * The state whose dialog has been on screen long enough for keys to be meant for it. `drawn` is the dialog that was: another one may
 * have taken its place since. A terminal too small for it does not show it.
 */
export function arm(state: State, drawn: Confirmation | undefined, atMs: number): State {
  const {mode} = state;
  if (mode.type !== 'confirm' || mode.paintedAtMs !== null || isTooSmall(state)) return state;
  if (drawn !== undefined && drawn !== mode) return state;
  return {...state, mode: {...mode, paintedAtMs: atMs}};
}

/** The state whose dialog has to be drawn anew before keys reach it. */
export function disarm(state: State): State {
  return state.mode.type === 'confirm' ? {...state, mode: {...state.mode, paintedAtMs: null}} : state;
}

/** What a dialog does with a key. Keys from before it was on screen never reach it. */
export function answerConfirmation(state: State, key: string, atMs: number): Update<State> {
  const {mode} = state;
  if (key === 'ctrl+c' || key === 'f10') return [state, {type: 'quit'}];
  if (mode.type !== 'confirm' || mode.paintedAtMs === null || atMs <= mode.paintedAtMs) return [state];
  if (['n', 'escape', 'q', mode.openedBy].includes(key))
    return [{...state, mode: mode.returnTo, message: {text: 'Nothing was signalled.', kind: 'note'}}];
  if (key === 'y') return confirm(state, mode);
  const change = typedOrScrolled(mode, key);
  return change === null ? [state] : [{...state, mode: {...mode, ...change}, message: null}];
}

/** What a key changes that neither confirms nor closes; null for nothing. */
function typedOrScrolled(
  mode: Confirmation,
  key: string,
): Partial<Pick<Confirmation, 'typed' | 'scroll'>> | null {
  const {typed, toType, scroll, batch} = mode;
  if (toType !== null && /^\d$/.test(key)) return {typed: (typed + key).slice(0, 10)};
  if (toType !== null && key === 'backspace') return {typed: typed.slice(0, -1)};
  const scrolled = scrolledList(key, scroll, batch.targets.length + batch.skipped.length);
  return scrolled === null || scrolled === scroll ? null : {scroll: scrolled};
}

function confirm(state: State, mode: Confirmation): Update<State> {
  const {batch, toType, typed} = mode;
  if (state.options.isReadOnly) return [state];
  if (toType !== null && typed !== toType)
    return [{...state, message: {text: `Type ${toType} first, then y.`, kind: 'bad'}}];
  const doing = batch.action === 'cancel' ? 'Cancelling' : 'Terminating';
  const sent: State = {
    ...state,
    mode: mode.returnTo,
    message: {text: `${doing} ${targetWords(batch)} …`, kind: 'note'},
  };
  return [sent, {type: 'signal', batch}];
}
