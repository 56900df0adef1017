import {LAYOUTS} from '../model/columns.ts';
import {DURATION_MODES, DURATION_TITLES} from '../model/duration-mode.ts';
import {viewNamed} from '../model/views.ts';
import type {Intent, Update} from './action.ts';
import {currentSession, currentTreeRow} from './current-session.ts';
import {moveCursor} from './cursor.ts';
import {regionsOf} from './regions.ts';
import {moveScroll} from './scroll.ts';
import {freshCursor, type State} from './state.ts';
import {tableColumns} from './table-columns.ts';
import {durationOf, rankOf, sortOf, tableRows} from './table-rows.ts';
import {textField} from './text-field.ts';
import {isTreeOpen, treeRows} from './tree-rows.ts';
import {isDescendingFirst, openMenu, sortBy} from './update-menu.ts';
import {findFrom, GREATEST_INTERVAL_SECONDS, LEAST_INTERVAL_SECONDS} from './update-prompt.ts';
import {askSignal, preparedAdvice, terminateStatementFor} from './update-signal.ts';

/** Refreshes for which rows keep their places after a cursor key. */
const FROZEN_REFRESHES = 3;

/** The steps of + and -, in seconds. */
const INTERVALS = [0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 60];

/** What an intent does while browsing, in inspect and in help. */
export function updateIntent(state: State, intent: Intent): Update<State> {
  switch (intent.type) {
    case 'cursor-moved':
      return [move(state, intent.step)];
    case 'view-chosen':
      return [
        {
          ...state,
          view: intent.view,
          showIdle: null,
          frozen: null,
          tableCursor: freshCursor(),
          focus: 'table',
        },
      ];
    case 'signal-asked':
      return [askSignal(state, intent.action, '')];
    case 'menu-opened':
      return [openMenu(state, intent.menu)];
    case 'inspect-opened':
      return inspect(state);
    case 'help-opened':
      return [{...state, mode: {type: 'help', scroll: 0, returnTo: state.mode}}];
    case 'filter-opened':
      return [
        {
          ...state,
          mode: {type: 'filter-prompt', ...textField(state.filter?.text ?? '')},
        },
      ];
    case 'search-opened':
      return [{...state, mode: {type: 'search-prompt', ...textField('')}}];
    case 'search-repeated':
      if (state.search === '') return [note(state, 'There is no search yet: F3 begins one.')];
      return [findFrom(state, state.search, intent.direction === 'next' ? 1 : -1)];
    case 'interval-opened':
      return [{...state, mode: {type: 'interval-prompt', ...textField('')}}];
    case 'interval-changed':
      return changeInterval(state, intent.direction);
    case 'query-copied':
    case 'terminate-statement-copied':
      return copy(state, intent.type);
    case 'refresh-asked':
      return [state, {type: 'refresh'}];
    case 'redraw-asked':
      return [state, {type: 'redraw'}];
    case 'suspend-asked':
      return [state, {type: 'suspend'}];
    case 'quit':
      return [state, {type: 'quit'}];
    case 'back':
      return [goBack(state)];
    case 'left':
      return state.mode.type === 'browse' ? [state, {type: 'quit'}] : [leavePage(state)];
    default:
      return [change(state, intent)];
  }
}

type Change = Extract<
  Intent,
  {
    type:
      | 'sort-moved'
      | 'sort-reversed'
      | 'idle-toggled'
      | 'duration-cycled'
      | 'pause-toggled'
      | 'query-scrolled'
      | 'wrap-toggled'
      | 'layout-cycled'
      | 'header-cycled'
      | 'tree-toggled'
      | 'branch-folded'
      | 'panel-changed'
      | 'scheme-explained';
  }
>;

/** The intents that change what is shown and ask nothing of the outside. */
function change(state: State, intent: Change): State {
  switch (intent.type) {
    case 'sort-moved':
      return moveSort(state, intent.direction === 'next' ? 1 : -1);
    case 'sort-reversed':
      return sortBy(state, sortOf(state).column, !sortOf(state).descending);
    case 'idle-toggled': {
      const {showsIdle, title} = viewNamed(state.view);
      if (showsIdle === null) return note(state, `The view "${title}" holds no idle sessions.`);
      const showIdle = !(state.showIdle ?? showsIdle);
      return note(
        {...state, showIdle, frozen: null},
        showIdle ? 'Idle sessions are shown.' : 'Idle sessions are hidden.',
      );
    }
    case 'duration-cycled': {
      const duration = following(DURATION_MODES, durationOf(state));
      return note({...state, duration, frozen: null}, `TIME is the age of the ${DURATION_TITLES[duration]}.`);
    }
    case 'pause-toggled':
      return state.isPaused ? {...state, isPaused: false, shown: state.latest} : {...state, isPaused: true};
    case 'query-scrolled':
      return {
        ...state,
        queryOffset: Math.max(0, state.queryOffset + (intent.direction === 'right' ? 8 : -8)),
      };
    case 'wrap-toggled':
      return {...state, isWrapped: !state.isWrapped};
    case 'layout-cycled': {
      const layout = following(LAYOUTS, state.layout);
      return note({...state, layout}, `Layout: ${layout}.`);
    }
    case 'header-cycled':
      return {...state, header: following(['full', 'compact', 'off'] as const, state.header)};
    case 'tree-toggled':
      return {...state, tree: {...state.tree, visibility: isTreeOpen(state) ? 'closed' : 'open'}};
    case 'branch-folded':
      return fold(state, intent.isFolded);
    case 'panel-changed':
      if (!isTreeOpen(state)) return note(state, 'The lock-wait tree is closed: t opens it.');
      return {...state, focus: state.focus === 'table' ? 'tree' : 'table'};
    case 'scheme-explained':
      return note(
        state,
        'k terminates here, so j moves nothing. Arrows move; --keys vim makes h j k l move.',
      );
    default:
      return intent satisfies never;
  }
}

function following<T>(values: readonly T[], value: T): T {
  return values[(values.indexOf(value) + 1) % values.length] ?? value;
}

function note(state: State, text: string): State {
  return {...state, message: {text, kind: 'note'}};
}

function move(state: State, step: Extract<Intent, {type: 'cursor-moved'}>['step']): State {
  const {mode} = state;
  if (mode.type === 'inspect' || mode.type === 'help')
    return {...state, mode: {...mode, scroll: moveScroll(state, mode, step)}};
  const regions = regionsOf(state);
  if (state.focus === 'tree') {
    const paths = treeRows(state.shown, state.tree.collapsed).map(row => row.path);
    return {...state, treeCursor: moveCursor(state.treeCursor, step, paths, regions.tree - 1)};
  }
  const rows = tableRows(state);
  const keys = rows.map(row => row.key);
  return {
    ...state,
    tableCursor: moveCursor(state.tableCursor, step, keys, regions.table - 1),
    frozen: {rank: rankOf(rows), refreshes: FROZEN_REFRESHES},
  };
}

function inspect(state: State): Update<State> {
  const session = currentSession(state);
  const xact = state.focus === 'tree' ? currentTreeRow(state)?.preparedXact : undefined;
  if (xact) return [note(state, preparedAdvice(xact))];
  if (session === null) return [note(state, 'There is no session under the cursor.')];
  const mode = {type: 'inspect', session, isGone: false, scroll: 0} as const;
  return [{...state, mode, detail: null}, {type: 'read-detail'}];
}

function changeInterval(state: State, direction: 'faster' | 'slower'): Update<State> {
  if (state.focus === 'tree') return [fold(state, direction === 'faster')];
  const seconds = state.intervalMs / 1000;
  const next =
    direction === 'slower'
      ? (INTERVALS.find(step => step > seconds) ?? GREATEST_INTERVAL_SECONDS)
      : (INTERVALS.findLast(step => step < seconds) ?? LEAST_INTERVAL_SECONDS);
  return [
    note({...state, intervalMs: next * 1000}, `A refresh every ${next} s.`),
    {type: 'set-interval', intervalMs: next * 1000},
  ];
}

function fold(state: State, isFolded: boolean): State {
  const row = currentTreeRow(state);
  if (row === undefined || row.node.waiters.length === 0) return state;
  const collapsed = new Set(state.tree.collapsed);
  if (isFolded) collapsed.add(row.path);
  else collapsed.delete(row.path);
  return {...state, tree: {...state.tree, collapsed}};
}

function moveSort(state: State, by: 1 | -1): State {
  const ids = tableColumns(state).map(({column}) => column.id);
  const index = ids.indexOf(sortOf(state).column);
  const column = ids[Math.max(0, Math.min(ids.length - 1, index + by))];
  return column === undefined ? state : sortBy(state, column, isDescendingFirst(column));
}

function copy(state: State, what: 'query-copied' | 'terminate-statement-copied'): Update<State> {
  const session = currentSession(state);
  if (session === null) return [note(state, 'There is no session under the cursor.')];
  if (what !== 'query-copied' && session.backend.backendStart === null) {
    return [
      note(state, 'This role may not see when the session began, so the statement could hit another one.'),
    ];
  }
  const text =
    what === 'query-copied' ? (state.detail?.query ?? session.backend.query) : terminateStatementFor(session);
  const said = what === 'query-copied' ? 'The query' : text;
  return [note(state, `${said} was sent to the terminal's clipboard.`), {type: 'copy', text}];
}

/** Back to where help was opened from, or from inspect to the table. */
function leavePage(state: State): State {
  const {mode} = state;
  return mode.type === 'help'
    ? {...state, mode: mode.returnTo}
    : {...state, mode: {type: 'browse'}, detail: null};
}

/** Esc: out of inspect and help, else away with the filter, then with the picked user and database, then with the search. */
function goBack(state: State): State {
  if (state.mode.type !== 'browse') return leavePage(state);
  if (state.filter !== null) return {...state, filter: null, frozen: null};
  if (state.user !== null || state.database !== null)
    return {...state, user: null, database: null, frozen: null};
  return {...state, frozen: null, search: ''};
}
