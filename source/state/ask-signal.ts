import {type Batch, batchOf, COUNT_TYPED_FROM} from '../model/batch.ts';
import {DIMENSIONS} from '../model/dimensions.ts';
import type {SessionGroup} from '../model/groups.ts';
import type {PreparedXact} from '../model/lock.ts';
import type {SignalAction} from '../model/signal.ts';
import type {Update} from './action.ts';
import {currentSession, currentTreeRow} from './current-session.ts';
import {currentGroup} from './group-rows.ts';
import type {SignalQuestion, SignalSubject} from './mode.ts';
import type {State} from './state.ts';
import {showsProcesses} from './table-rows.ts';
import {taggedSessions} from './tags.ts';

const READ_ONLY = 'pgtop runs with --read-only: no signal can be sent.';

/** Why no signal can be sent at all; null when some can. */
export function whyReadOnly({options}: State): string | null {
  return options.isReadOnly ? READ_ONLY : null;
}

/** Why a key that needs the server can do nothing now; null while the server tells of its sessions. */
export function whyOnlyProcesses(state: State): string | null {
  return showsProcesses(state) ? 'The process table tells nothing more of it.' : null;
}

/** Why nothing can be tagged now; null when it can. */
export function whyNoTags(state: State): string | null {
  return showsProcesses(state) ? 'Without a connection processes are signalled one at a time.' : null;
}

/** Why a key can do nothing that is about the table of sessions; null while that is on screen, or groups of them. */
export function whyNotInLoad({main}: State): string | null {
  return main === 'load' ? 'That is about the table of sessions: 1 to 5 show it.' : null;
}

/** Asks about the tagged sessions, or about the one under the cursor. `openedBy` is the key that asked. */
export function askSignal(state: State, action: SignalAction, openedBy: string): Update<State> {
  const isSingle = currentGroup(state) === null && !showsProcesses(state);
  if (state.hasLostTags && state.mode.type !== 'inspect' && isSingle)
    return [bad({...state, hasLostTags: false}, lostTagsText(openedBy))];
  return askBatch(state, questionOf(state, subjectOf(state, action)), openedBy);
}

/** What the keys c and k are about: the group under the cursor where groups are on screen, the tagged sessions, else the one under the cursor. A parallel worker stands for its leader. */
export function subjectOf(state: State, action: SignalAction): SignalSubject {
  const group = currentGroup(state);
  if (group !== null) return {action, sessions: group.sessions, remark: groupRemark(state, group)};
  const tagged = state.mode.type === 'inspect' || showsProcesses(state) ? [] : taggedSessions(state);
  if (tagged.length > 0) return {action, sessions: tagged, remark: null};
  const session = currentSession(state);
  if (session === null) return {action, sessions: [], remark: null};
  const {pid, backendType, leaderPid} = session.backend;
  const leader =
    backendType === 'parallel worker' && leaderPid !== null ? state.shown?.byPid.get(leaderPid) : undefined;
  if (leader === undefined) return {action, sessions: [session], remark: null};
  return {
    action,
    sessions: [leader],
    remark: `${pid} is a parallel worker of ${leaderPid}: a signal to it would only fail its leader's query.`,
  };
}

function groupRemark({groupBy}: State, {value}: SessionGroup): string {
  const title = DIMENSIONS[groupBy].title;
  return value === '' ? `The group without a ${title}.` : `The group of ${title} ${value}.`;
}

/** Why the keys c and k can do nothing now; null when they open a dialog. */
export function whyNotSignal(state: State, action: SignalAction): string | null {
  return (
    whyReadOnly(state) ?? whyNotRow(state) ?? whyNotBatch(state, questionOf(state, subjectOf(state, action)))
  );
}

/** Why a row of the load view stands for nobody in particular; null where the cursor is elsewhere, or tags tell whom a key is about. */
function whyNotRow(state: State): string | null {
  const isOnLoad = state.main === 'load' && state.focus === 'table' && state.mode.type === 'browse';
  return isOnLoad && taggedSessions(state).length === 0
    ? 'There is no session under the cursor: Enter shows those of the row.'
    : null;
}

/** What to ask about these sessions, by what they are and do at this moment; null before there are data. */
export function questionOf({shown}: State, {action, sessions, remark}: SignalSubject): SignalQuestion | null {
  return shown === null ? null : {batch: batchOf(action, sessions, shown), remark};
}

/** Opens the dialog that asks before a batch is signalled, or says why there is nothing to signal. */
export function askBatch(state: State, question: SignalQuestion | null, openedBy: string): Update<State> {
  const readOnly = whyReadOnly(state);
  if (readOnly !== null) return [bad(state, readOnly)];
  const {mode} = state;
  if (mode.type === 'inspect' && question !== null && isOverFor(state, mode.session.key, question.batch))
    return [bad(state, `${mode.session.backend.pid} has ended already.`)];
  if (question === null || question.batch.targets.length === 0)
    return [bad(state, whyNotBatch(state, question) ?? whyNobody(state))];
  return [openDialog(state, question, openedBy), {type: 'check-audit-log'}];
}

/** True when a batch is about a session that is not on screen any more. */
function isOverFor({shown}: State, key: string, {targets, skipped}: Batch): boolean {
  if (showsProcesses({shown})) return false;
  const isAbout = [...targets, ...skipped].some(({session}) => session.key === key);
  return isAbout && !shown?.sessions.some(session => session.key === key);
}

function openDialog(state: State, {batch, remark}: SignalQuestion, openedBy: string): State {
  return {
    ...state,
    message: null,
    mode: {
      type: 'confirm',
      batch,
      remark,
      toType: whatToType(batch),
      typed: '',
      scroll: 0,
      openedBy,
      paintedAtMs: null,
      returnTo: state.mode,
    },
  };
}

function whatToType({targets}: Batch): string | null {
  if (targets.length >= COUNT_TYPED_FROM) return String(targets.length);
  const weak = targets.find(({target}) => target.kind === 'role');
  return weak === undefined ? null : String(weak.target.pid);
}

/** Why nothing of a batch can be signalled; null when something can, or when there is no session to say it of. */
export function whyNotBatch({options}: State, question: SignalQuestion | null): string | null {
  const {targets = [], skipped = []} = question?.batch ?? {};
  const [first] = skipped;
  if (targets.length > 0 || first === undefined) return null;
  const {reason, text} = first.refusal;
  const instead = reason === 'not-cancellable' ? ` ${options.keys === 'vim' ? 'K' : 'k'} terminates it.` : '';
  return skipped.length === 1
    ? text + instead
    : `None of the ${skipped.length} sessions can be signalled. ${text}`;
}

/** What to do about a prepared transaction, which no key can end. */
export function preparedAdvice({database, gid}: PreparedXact): string {
  return `A prepared transaction has no session. In database ${database}: ROLLBACK PREPARED '${gid.replaceAll("'", "''")}'`;
}

function lostTagsText(key: string): string {
  return `What was tagged has ended. ${key} again asks about the session under the cursor.`;
}

function whyNobody(state: State): string {
  const row = state.focus === 'tree' ? currentTreeRow(state) : undefined;
  if (row?.preparedXact) return preparedAdvice(row.preparedXact);
  if (row?.set) return `This line stands for ${row.set.length} sessions: + opens it, then choose one.`;
  return 'There is no session under the cursor.';
}

function bad(state: State, text: string): State {
  return {...state, message: {text, kind: 'bad'}};
}
