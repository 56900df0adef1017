import {currentTreeRow} from './current-session.ts';
import type {State} from './state.ts';

/** Folds or unfolds the line of the lock-wait tree under the cursor; a line of an opened set goes back into that. */
export function foldBranch(state: State, isFolded: boolean): State {
  const row = currentTreeRow(state);
  if (row === undefined) return state;
  const hasLines = row.set !== null || row.node.waiters.length > 0;
  const target = !hasLines && isFolded && row.parent?.set ? row.parent : row;
  if ((target === row && !hasLines) || target.isFolded === isFolded) return state;
  const toggled = new Set(state.tree.toggled);
  if (!toggled.delete(target.path)) toggled.add(target.path);
  return {
    ...state,
    tree: {...state.tree, toggled},
    treeCursor: {...state.treeCursor, key: target.path},
  };
}
