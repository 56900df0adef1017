import {sanitise} from '../model/sanitise.ts';
import type {Update} from './action.ts';
import {answerConfirmation} from './answer-confirmation.ts';
import {askSignal} from './ask-signal.ts';
import {bindingFor} from './key-table.ts';
import type {State} from './state.ts';
import {updateBatchPanel} from './update-batch.ts';
import {updateIntent} from './update-intent.ts';
import {updateMenu} from './update-menu.ts';
import {editPrompt, updatePrompt} from './update-prompt.ts';

/** What a key does now: text for a prompt, an answer for a dialog, a choice for a menu, else what the key table says. */
export function updateKey(state: State, key: string, atMs: number): Update<State> {
  const {mode} = state;
  switch (mode.type) {
    case 'filter-prompt':
    case 'search-prompt':
    case 'interval-prompt':
      return updatePrompt(state, mode, key);
    case 'menu':
      return updateMenu(state, mode, key);
    case 'confirm':
      return answerConfirmation(state, key, atMs);
    case 'batch':
      return updateBatchPanel(state, mode, key);
    case 'browse':
    case 'inspect':
    case 'help':
    case 'action-log':
      return boundKey(state, key);
    default:
      return mode satisfies never;
  }
}

function boundKey(state: State, key: string): Update<State> {
  const binding = bindingFor(state.mode, key, state.options.keys);
  if (binding === undefined) return [state];
  const refusal = binding.whyNot?.(state) ?? null;
  if (refusal !== null) return [{...state, message: {text: refusal, kind: 'bad'}}];
  const cleared: State = state.message === null ? state : {...state, message: null};
  if (binding.intent.type === 'signal-asked') return askSignal(cleared, binding.intent.action, key);
  return updateIntent(cleared, binding.intent);
}

/** Pasted text goes into a prompt and nowhere else: as keys it could do anything. */
export function pasteText(state: State, text: string): State {
  const {mode} = state;
  if (mode.type !== 'filter-prompt' && mode.type !== 'search-prompt' && mode.type !== 'interval-prompt') {
    return {
      ...state,
      message: {text: 'Pasted text is not taken for keys. Open the filter with / first.', kind: 'note'},
    };
  }
  const {caret} = mode;
  const pasted = sanitise(text);
  return editPrompt(state, mode, {
    text: mode.text.slice(0, caret) + pasted + mode.text.slice(caret),
    caret: caret + pasted.length,
  });
}
