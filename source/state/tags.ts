import {membersBehind} from '../model/reach.ts';
import type {Session} from '../model/session.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {TagChange} from './action.ts';
import {currentSession} from './current-session.ts';
import type {State} from './state.ts';
import {tableRows} from './table-rows.ts';

/** The tagged sessions, in the order in which the table has them. Those that the view or filter hides stand last. */
export function taggedSessions(state: State): readonly Session[] {
  const {tags, shown} = state;
  if (tags.size === 0 || shown === null) return [];
  const rows = tableRows(state).filter(({key}) => tags.has(key));
  const inTable = new Set(rows.map(({key}) => key));
  return [...rows, ...shown.sessions.filter(({key}) => tags.has(key) && !inTable.has(key))];
}

/** The state with tags put on or taken off. */
export function changeTags(before: State, by: TagChange): State {
  const state = {...before, hasLostTags: false};
  switch (by) {
    case 'session':
      return toggleTag(state);
    case 'none':
      return clearTags(state);
    case 'shown':
      if (state.main !== 'sessions') return note(state, 'The table is not on screen: 1 to 5 show it.');
      return addTags(state, tableRows(state));
    case 'branch':
      return tagBranch(state);
    default:
      return by satisfies never;
  }
}

function toggleTag(state: State): State {
  const session = currentSession(state);
  if (session === null) return note(state, 'There is no session under the cursor.');
  const {tags} = state;
  if (!tags.has(session.key)) return addTags(state, [session]);
  return {...state, tags: new Set([...tags].filter(key => key !== session.key))};
}

function clearTags(state: State): State {
  const count = state.tags.size;
  return note({...state, tags: new Set()}, count === 0 ? 'Nothing is tagged.' : `Untagged ${count}.`);
}

function tagBranch(state: State): State {
  const session = currentSession(state);
  const {shown} = state;
  if (session === null || shown === null) return note(state, 'There is no session under the cursor.');
  const group = session.backend.leaderPid ?? session.backend.pid;
  const waiting = membersBehind(shown.forest.reach, new Set([group]));
  return addTags(state, [session, ...waiting.flatMap(id => shown.byPid.get(id) ?? [])]);
}

/** A tag is the session's identity: where that is hidden, the tag could pass on to another session of the same pid. */
function addTags(state: State, sessions: readonly Session[]): State {
  const taggable = sessions.filter(({backend}) => backend.backendStart !== null);
  const tags = new Set([...state.tags, ...taggable.map(({key}) => key)]);
  const hidden = sessions.length - taggable.length;
  const why =
    hidden === 0 ? '' : ` ${hidden} not: this role may not see when they began (pg_read_all_stats shows it).`;
  return note({...state, tags}, `${tags.size} tagged.${why}`);
}

/** The keys whose session is there still. The same set when all are. */
export function livingKeys(keys: ReadonlySet<string>, {sessions}: Snapshot): ReadonlySet<string> {
  if (keys.size === 0) return keys;
  const living = new Set(sessions.flatMap(({key}) => (keys.has(key) ? [key] : [])));
  return living.size === keys.size ? keys : living;
}

function note(state: State, text: string): State {
  return {...state, message: {text, kind: 'note'}};
}
