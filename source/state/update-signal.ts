import type {PreparedXact} from '../model/lock.ts';
import type {Session} from '../model/session.ts';
import {type SignalAction, type SignalOutcome, type SignalTarget, whyNotSignalled} from '../model/signal.ts';
import {isoTimestamp} from '../model/timestamp.ts';
import type {Action, Update} from './action.ts';
import {currentSession, currentTreeRow} from './current-session.ts';
import type {Confirmation, Message, State} from './state.ts';
import {isTooSmall} from './terminal-bounds.ts';

/** Opens the dialog that asks before a signal, or says why there is nothing to signal. `openedBy` is the key that asked. */
export function askSignal(
  state: State,
  action: SignalAction,
  openedBy: string,
  session: Session | null = currentSession(state),
): State {
  if (state.options.isReadOnly) return bad(state, 'pgtop runs with --read-only: no signal can be sent.');
  if (session === null) return bad(state, whyNobody(state));
  if (state.mode.type === 'inspect' && state.mode.isGone)
    return bad(state, `${session.backend.pid} has ended already.`);
  const refusal = whyNotSignalled(action, session.backend);
  const {pid, backendStart, queryStart} = session.backend;
  if (refusal !== null || backendStart === null) return bad(state, refusal ?? '');
  return {
    ...state,
    message: null,
    mode: {
      type: 'confirm',
      action,
      target: {pid, backendStart, queryStart},
      session,
      openedBy,
      paintedAtMs: null,
      returnTo: state.mode,
    },
  };
}

/** What to do about a prepared transaction, which no key can end. */
export function preparedAdvice({database, gid}: PreparedXact): string {
  return `A prepared transaction has no session. In database ${database}: ROLLBACK PREPARED '${gid.replaceAll("'", "''")}'`;
}

function whyNobody(state: State): string {
  const row = state.focus === 'tree' ? currentTreeRow(state) : undefined;
  if (row?.preparedXact) {
    return preparedAdvice(row.preparedXact);
  }
  return 'There is no session under the cursor.';
}

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
  if (key !== 'y' || state.options.isReadOnly) return [state];
  const {action, target} = mode;
  const sent: State = {
    ...state,
    mode: mode.returnTo,
    pending: [...state.pending, {action, target}],
    message: {text: `${action === 'cancel' ? 'Cancelling' : 'Terminating'} ${target.pid} …`, kind: 'note'},
  };
  return [sent, {type: 'signal', action, target}];
}

/** What came of a signal, as a message; the data are refreshed so that the table shows it too. */
export function updateSignal(
  state: State,
  finished: Extract<Action, {type: 'signal-finished'}>,
): Update<State> {
  const {action, target, outcome} = finished;
  const pending = state.pending.filter(other => other.target !== target);
  return [{...state, pending, message: outcomeMessage(action, target, outcome)}, {type: 'refresh'}];
}

/** The message for an outcome: what happened to which session, in the server's words where it has any. */
export function outcomeMessage(action: SignalAction, {pid}: SignalTarget, outcome: SignalOutcome): Message {
  switch (outcome.type) {
    case 'ended':
      return {text: `${pid} ended after ${outcome.afterMs} ms.`, kind: 'good'};
    case 'cancelled':
      return {text: `${pid}: query cancelled after ${outcome.afterMs} ms.`, kind: 'good'};
    case 'gone':
      return {
        text: `Nothing was signalled: there is no such session any more (${pid} has ended).`,
        kind: 'bad',
      };
    case 'moved-on':
      return {
        text: `Nothing was signalled: that query of ${pid} has ended; the session goes on.`,
        kind: 'bad',
      };
    case 'refused':
      return {text: `${pid}: refused: ${outcome.message}`, kind: 'bad'};
    case 'still-there':
      return {
        text: `${pid} is still there ${Math.round(outcome.afterMs / 1000)} s after the ${action}: the server sent the signal, the session has not obeyed yet.`,
        kind: 'bad',
      };
    case 'unknown':
      return {text: `${pid}: not known what came of the ${action}: ${outcome.message}`, kind: 'bad'};
    default:
      return outcome satisfies never;
  }
}

function bad(state: State, text: string): State {
  return {...state, message: {text, kind: 'bad'}};
}

/** A statement that terminates exactly this session and nobody who gets its pid later. */
export function terminateStatementFor({backend: {pid, backendStart}}: Session): string {
  const began = backendStart === null ? '' : ` AND backend_start = '${isoTimestamp(backendStart)}'`;
  return `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ${pid}${began};`;
}
