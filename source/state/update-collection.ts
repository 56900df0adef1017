import {sessionKey} from '../model/backend.ts';
import type {Action, Update} from './action.ts';
import type {State} from './state.ts';

type CollectionAction = Extract<
  Action,
  {type: 'clock-ticked' | 'snapshot-collected' | 'collection-failed' | 'detail-read'}
>;

/** What the poller tells: new data, none, or the passing of time. */
export function updateCollection(state: State, action: CollectionAction): Update<State> {
  switch (action.type) {
    case 'clock-ticked':
      return [{...state, nowMs: action.atMs}];
    case 'snapshot-collected':
      return collected(state, action);
    case 'collection-failed':
      return [{...state, nowMs: action.atMs, link: linkAfter(action)}];
    case 'detail-read':
      return [
        state.mode.type === 'inspect' && state.mode.session.key === action.detail.key
          ? {...state, detail: action.detail}
          : state,
      ];
    default:
      return action satisfies never;
  }
}

function linkAfter(failure: Extract<Action, {type: 'collection-failed'}>): State['link'] {
  const {kind, message, retryInMs, atMs} = failure;
  if (kind === 'late') return {type: 'late', message};
  return {type: 'lost', message, retryAtMs: atMs + retryInMs, isRefused: kind === 'refused'};
}

function collected(
  state: State,
  {snapshot, atMs}: Extract<Action, {type: 'snapshot-collected'}>,
): Update<State> {
  const refreshes = (state.frozen?.refreshes ?? 1) - 1;
  const next: State = {
    ...state,
    latest: snapshot,
    receivedAtMs: atMs,
    nowMs: atMs,
    link: {type: 'live'},
    ...(state.isPaused && state.shown !== null
      ? {}
      : {
          shown: snapshot,
          frozen: state.frozen === null || refreshes <= 0 ? null : {...state.frozen, refreshes},
          mode: inspectedMode(state, snapshot),
        }),
  };
  return next.mode.type === 'inspect' && !next.mode.isGone && !next.isPaused
    ? [next, {type: 'read-detail'}]
    : [next];
}

/** Inspect goes on with the session's new values, and keeps the last ones when it is gone. */
function inspectedMode({mode}: State, snapshot: NonNullable<State['latest']>): State['mode'] {
  if (mode.type !== 'inspect') return mode;
  const session = snapshot.byPid.get(mode.session.backend.pid);
  const isSame = session !== undefined && sessionKey(session.backend) === mode.session.key;
  return isSame ? {...mode, session, isGone: false} : {...mode, isGone: true};
}
