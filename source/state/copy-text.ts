import type {Session} from '../model/session.ts';
import {isoTimestamp} from '../model/timestamp.ts';
import type {Update} from './action.ts';
import {currentSession} from './current-session.ts';
import type {State} from './state.ts';

/** Sends the query of the session under the cursor to the clipboard, or a statement that terminates it. */
export function copyText(state: State, what: 'query-copied' | 'terminate-statement-copied'): Update<State> {
  const session = currentSession(state);
  if (session === null) return [note(state, 'There is no session under the cursor.')];
  if (what !== 'query-copied' && session.backend.backendStart === null) {
    return [
      note(state, 'This role may not see when the session began, so the statement could hit another one.'),
    ];
  }
  if (what === 'terminate-statement-copied') {
    const text = terminateStatementFor(session);
    return [note(state, `${text} was sent to the terminal's clipboard.`), {type: 'copy', text}];
  }
  if (state.detail?.key !== session.key) return [state, {type: 'copy-query', session}];
  return [
    note(state, "The query was sent to the terminal's clipboard."),
    {type: 'copy', text: state.detail.query},
  ];
}

/** A statement that terminates exactly this session and nobody who gets its pid later. */
export function terminateStatementFor({backend: {pid, backendStart}}: Session): string {
  const began = backendStart === null ? '' : ` AND backend_start = '${isoTimestamp(backendStart)}'`;
  return `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ${pid}${began};`;
}

function note(state: State, text: string): State {
  return {...state, message: {text, kind: 'note'}};
}
