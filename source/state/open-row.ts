import {DIMENSIONS} from '../model/dimensions.ts';
import type {Update} from './action.ts';
import {preparedAdvice} from './ask-signal.ts';
import {currentSession, currentTreeRow} from './current-session.ts';
import {foldBranch} from './fold-branch.ts';
import {currentGroup} from './group-rows.ts';
import {currentLoadRow} from './load-rows.ts';
import {freshCursor, type State} from './state.ts';
import {activeFilter} from './update-prompt.ts';

/** What Enter does: it inspects the session under the cursor, opens the group or the part of the load there as a filter, or unfolds a line of the tree. */
export function openRow(state: State): Update<State> {
  if (state.focus === 'table' && state.main === 'groups') {
    const group = currentGroup(state);
    return [
      group === null
        ? note(state, 'There is no group under the cursor.')
        : openTerm(state, DIMENSIONS[state.groupBy].filterOf(group.value), DIMENSIONS[state.groupBy].title),
    ];
  }
  if (state.focus === 'table' && state.main === 'load') {
    const row = currentLoadRow(state);
    return [row === null ? note(state, 'Nobody was active.') : openTerm(state, row.filter, 'query')];
  }
  return inspect(state);
}

/** The sessions that a term holds for: it is one more in the filter, and idle sessions are shown. A term of null is none for sessions without `what`. */
function openTerm(state: State, term: string | null, what: string): State {
  if (term === null) return note(state, `No filter holds for sessions without a ${what}.`);
  const filter = activeFilter(`${state.filter?.text ?? ''} ${term}`);
  if (filter === undefined) return state;
  return {
    ...state,
    filter,
    main: 'sessions',
    view: 'active',
    showIdle: true,
    frozen: null,
    tableCursor: freshCursor(),
  };
}

function inspect(state: State): Update<State> {
  const session = currentSession(state);
  const row = state.focus === 'tree' ? currentTreeRow(state) : undefined;
  if (row?.preparedXact) return [note(state, preparedAdvice(row.preparedXact))];
  if (row?.set) return [foldBranch(state, !row.isFolded)];
  if (session === null) return [note(state, 'There is no session under the cursor.')];
  const mode = {type: 'inspect', session, isGone: false, scroll: 0} as const;
  return [{...state, mode, detail: null}, {type: 'read-detail'}];
}

function note(state: State, text: string): State {
  return {...state, message: {text, kind: 'note'}};
}
