import {NO_SIZES} from '../model/database-size.ts';
import {isSameServer} from '../model/same-server.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {Action, Update} from './action.ts';
import {intervalMsOf} from './cost-lines.ts';
import {staleFromMs} from './data-age.ts';
import {sampleLoad} from './sample-load.ts';
import {slotHolders} from './slot-holders.ts';
import type {State} from './state.ts';
import {showsProcesses} from './table-rows.ts';
import {livingKeys} from './tags.ts';
import {tellGrowth, trackGrowth} from './tree-growth.ts';
import {withEntries} from './update-sizes.ts';

type CollectionAction = Extract<
  Action,
  {
    type:
      | 'clock-ticked'
      | 'snapshot-collected'
      | 'collection-failed'
      | 'processes-read'
      | 'processes-missing'
      | 'detail-read';
  }
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
    case 'processes-read':
      return [processesRead(state, action)];
    case 'processes-missing':
      return [{...state, whyNoProcesses: action.reason}];
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
  return {type: 'lost', why: kind, message, retryAtMs: retryInMs === null ? null : atMs + retryInMs};
}

/** The processes take the place of the rows while no session can be had. Tags are of sessions, and hold until those are seen again. */
function processesRead(state: State, {snapshot, atMs}: Extract<Action, {type: 'processes-read'}>): State {
  if (!isFull(state)) return state;
  const next: State = {
    ...state,
    latest: snapshot,
    receivedAtMs: atMs,
    staleFromMs: staleFromMs(atMs, state.intervalMs),
    nowMs: atMs,
    whyNoProcesses: null,
  };
  if (state.isPaused && state.shown !== null) return next;
  return {
    ...next,
    shown: snapshot,
    shownAtMs: atMs,
    tableCursor: carriedCursor(state, snapshot),
    frozen: stillFrozen(state, atMs),
  };
}

/** The order that the cursor holds, if it does so still. */
function stillFrozen({frozen}: State, atMs: number): State['frozen'] {
  return frozen === null || atMs >= frozen.untilMs ? null : frozen;
}

/** The cursor on the same session when rows of the other kind come, which tell of its start by another clock. */
function carriedCursor({shown, tableCursor}: State, next: Snapshot): State['tableCursor'] {
  const isOtherKind = showsProcesses({shown}) !== showsProcesses({shown: next});
  const before = isOtherKind ? shown?.sessions.find(({key}) => key === tableCursor.key) : undefined;
  const now = before === undefined ? undefined : next.byPid.get(before.backend.pid);
  return now === undefined ? tableCursor : {...tableCursor, key: now.key};
}

function collected(
  state: State,
  {snapshot, cost, atMs}: Extract<Action, {type: 'snapshot-collected'}>,
): Update<State> {
  const tags = livingKeys(state.tags, snapshot);
  const next: State = {
    ...state,
    ...grown(state, snapshot),
    latest: snapshot,
    ...sampleLoad(state, snapshot, atMs),
    cost: cost ?? state.cost,
    receivedAtMs: atMs,
    staleFromMs: staleFromMs(atMs, intervalMsOf({...state, cost: cost ?? state.cost})),
    nowMs: atMs,
    link: {type: 'live'},
    whyNoProcesses: null,
    ...(isFull(state) && state.message === null
      ? {message: {text: slotHolders(snapshot), kind: 'note'} as const}
      : {}),
    tags,
    hasLostTags: state.hasLostTags || (state.tags.size > 0 && tags.size === 0),
    ignoredCancel: livingKeys(state.ignoredCancel, snapshot),
    ...(state.isPaused && state.shown !== null
      ? {}
      : {
          shown: snapshot,
          shownAtMs: atMs,
          tableCursor: carriedCursor(state, snapshot),
          frozen: stillFrozen(state, atMs),
          mode: inspectedMode(state, snapshot),
        }),
  };
  if (!isOfServer(state.sizes, next.shown ?? snapshot))
    return [withEntries({...next, sizes: NO_SIZES}), {type: 'stop-measuring'}];
  return next.isPaused ? [next] : withDetail(next);
}

/** The state, with what inspect shows of its session asked for anew. */
function withDetail(state: State): Update<State> {
  return state.mode.type === 'inspect' && !state.mode.isGone ? [state, {type: 'read-detail'}] : [state];
}

/** Ends a pause with the newest data there are, or begins one. */
export function togglePause(state: State): Update<State> {
  const {isPaused, latest} = state;
  if (!isPaused || latest === null) return [{...state, isPaused: !isPaused}];
  return withDetail({
    ...state,
    isPaused: false,
    shown: latest,
    shownAtMs: state.receivedAtMs,
    tableCursor: carriedCursor(state, latest),
    mode: inspectedMode(state, latest),
  });
}

function isOfServer({server}: State['sizes'], {reading}: Snapshot): boolean {
  return server === null || isSameServer(server, reading.server.identity);
}

function isFull({link}: State): boolean {
  return link.type === 'lost' && link.why === 'full';
}

/** Tells of a tree that has grown for long, unless another message or a question is on its line. */
function grown(state: State, snapshot: NonNullable<State['latest']>): Pick<State, 'growth' | 'message'> {
  const {mode, message} = state;
  const growth = trackGrowth(state.growth, snapshot);
  const isFree = message === null && (mode.type === 'browse' || mode.type === 'inspect');
  const told = isFree ? tellGrowth(growth, snapshot) : null;
  return told === null ? {growth, message} : {growth: told.growth, message: {text: told.text, kind: 'bad'}};
}

/** Inspect goes on with the session's new values, and keeps the last ones when it is gone. */
function inspectedMode({mode}: State, snapshot: NonNullable<State['latest']>): State['mode'] {
  if (mode.type !== 'inspect') return mode;
  const session = snapshot.byPid.get(mode.session.backend.pid);
  const isSame = session !== undefined && session.backend.key === mode.session.key;
  return isSame ? {...mode, session, isGone: false} : {...mode, isGone: true};
}
