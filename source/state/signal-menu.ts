import {signalRadius} from '../model/blast-radius.ts';
import {membersBehind} from '../model/reach.ts';
import type {Session} from '../model/session.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {Update} from './action.ts';
import {askBatch, preparedAdvice, questionOf, subjectOf, whyNotBatch} from './ask-signal.ts';
import {currentSession} from './current-session.ts';
import type {MenuEntry, Mode, SignalSubject} from './mode.ts';
import {shortRadiusText} from './radius-text.ts';
import type {State} from './state.ts';
import {showsProcesses} from './table-rows.ts';

const FUNCTIONS = {cancel: 'pg_cancel_backend', terminate: 'pg_terminate_backend'} as const;
const SIGNALS = {cancel: 'SIGINT', terminate: 'SIGTERM'} as const;

/** The entries of the signal menu, each with what it would free. The sessions are those of this moment. */
export function signalEntries(state: State): readonly MenuEntry[] {
  const {shown} = state;
  if (shown === null) return [];
  const ignored = shown.sessions.filter(({key}) => state.ignoredCancel.has(key));
  const own = subjectOf(state, 'cancel');
  const by = showsProcesses(state) ? SIGNALS : FUNCTIONS;
  return [
    ...(ignored.length === 0
      ? []
      : [entry(state, `terminate ${words(ignored)}, which ignored the cancel`, 'terminate', ignored)]),
    entry(state, `cancel ${words(own.sessions)} (${by.cancel})`, 'cancel', own.sessions, own.remark),
    entry(state, `terminate ${words(own.sessions)} (${by.terminate})`, 'terminate', own.sessions, own.remark),
    rootsEntry(state, shown),
    behindEntry(state, shown),
  ];
}

function words(sessions: readonly Session[]): string {
  const [only] = sessions;
  return sessions.length === 1 && only !== undefined
    ? String(only.backend.pid)
    : `${sessions.length} sessions`;
}

function entry(
  state: State,
  what: string,
  action: SignalSubject['action'],
  sessions: readonly Session[],
  remark: string | null = null,
): MenuEntry {
  const question = questionOf(state, {action, sessions, remark});
  const whyNot = whyNotBatch(state, question);
  const ids = new Set(sessions.map(({backend}) => backend.pid));
  const radius =
    state.shown === null || showsProcesses(state)
      ? ''
      : ` · ${shortRadiusText(signalRadius(action, state.shown.forest, ids))}`;
  return whyNot === null
    ? {value: what, label: `${what}${radius}`, question}
    : {value: what, label: `${what} · not possible`, question, whyNot};
}

/** The roots that are sessions; a prepared transaction among them is told of, since no signal ends it. */
function rootsEntry(state: State, shown: Snapshot): MenuEntry {
  const ids = shown.forest.roots.map(({id}) => id);
  const sessions = sessionsOf(shown, ids);
  const prepared = ids.flatMap(id => shown.preparedXacts.get(id) ?? []);
  const remark = prepared[0] === undefined ? null : preparedAdvice(prepared[0]);
  const noun = sessions.length === 1 ? 'the root blocker' : `the ${sessions.length} root blockers`;
  const label = sessions.length === 0 ? 'terminate root blockers' : `terminate ${noun}`;
  if (sessions.length > 0) return entry(state, label, 'terminate', sessions, remark);
  return {value: label, label: `${label} · there are none`, whyNot: remark ?? 'Nobody waits for a lock.'};
}

function behindEntry(state: State, shown: Snapshot): MenuEntry {
  const label = 'cancel everything behind this';
  const session = currentSession(state);
  const group = session === null ? 0 : (session.backend.leaderPid ?? session.backend.pid);
  const sessions = sessionsOf(shown, membersBehind(shown.forest.reach, new Set([group])));
  if (sessions.length > 0) return entry(state, `${label} (${sessions.length})`, 'cancel', sessions);
  return {value: label, label: `${label} · nobody waits`, whyNot: 'Nobody waits behind this session.'};
}

function sessionsOf(snapshot: Snapshot, ids: Iterable<number>): readonly Session[] {
  return [...ids].flatMap(id => snapshot.byPid.get(id) ?? []);
}

/** What the choice of an entry does: it opens the dialog, or says why there is nothing to signal. */
export function chosenSignal(closed: State, {entries, index}: Extract<Mode, {type: 'menu'}>): Update<State> {
  const chosen = entries[index];
  if (chosen?.question !== undefined) return askBatch(closed, chosen.question, 'f9');
  return [{...closed, message: {text: chosen?.whyNot ?? '', kind: 'bad'}}];
}
