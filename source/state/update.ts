import type {Action, Update} from './action.ts';
import {arm, disarm} from './answer-confirmation.ts';
import {settle} from './settle.ts';
import type {State} from './state.ts';
import {advanceBatch} from './update-batch.ts';
import {updateCollection} from './update-collection.ts';
import {updateIntent} from './update-intent.ts';
import {pasteText, updateKey} from './update-key.ts';
import {updateSizes} from './update-sizes.ts';

/** The next state after something happened, and what is to be done outside. Pure: the same state and action give the same answer. */
export function update(state: State, action: Action): Update<State> {
  const [next, command] = step(state, action);
  const settled = next === state ? state : settle(next);
  return command === undefined ? [settled] : [settled, command];
}

function step(state: State, action: Action): Update<State> {
  switch (action.type) {
    case 'key-pressed':
      return updateKey({...state, nowMs: action.atMs}, action.key, action.atMs);
    case 'text-pasted':
      return [pasteText(state, action.text)];
    case 'terminal-resized':
      return [disarm({...state, columns: action.columns, rows: action.rows})];
    case 'frame-painted':
      return [arm(state, action.dialog, action.atMs)];
    case 'clock-ticked':
    case 'snapshot-collected':
    case 'collection-failed':
    case 'processes-read':
    case 'processes-missing':
    case 'detail-read':
      return updateCollection(state, action);
    case 'database-measured':
    case 'measuring-ended':
      return [updateSizes(state, action)];
    case 'batch-advanced':
      return advanceBatch(state, action.run);
    case 'audit-log-checked':
      return [{...state, auditProblem: action.problem}];
    case 'audit-log-read':
      return [
        state.mode.type === 'action-log' ? {...state, mode: {...state.mode, records: action.records}} : state,
      ];
    case 'message-shown':
      return [{...state, message: {text: action.text, kind: action.kind}}];
    default:
      return updateIntent(state, action);
  }
}
