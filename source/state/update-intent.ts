import {LAYOUTS} from '../model/columns.ts';
import {DURATION_MODES, DURATION_TITLES} from '../model/duration-mode.ts';
import {GROUPINGS} from '../model/groups.ts';
import type {Intent, Update} from './action.ts';
import {askSignal} from './ask-signal.ts';
import {copyText} from './copy-text.ts';
import {withInterval} from './data-age.ts';
import {findFrom} from './find-row.ts';
import {foldBranch} from './fold-branch.ts';
import {moveStep} from './move-step.ts';
import {openRow} from './open-row.ts';
import {freshCursor, type State} from './state.ts';
import {durationOf, viewOf} from './table-rows.ts';
import {changeTags} from './tags.ts';
import {textField} from './text-field.ts';
import {isTreeOpen} from './tree-rows.ts';
import {togglePause} from './update-collection.ts';
import {openMenu} from './update-menu.ts';
import {GREATEST_INTERVAL_SECONDS, LEAST_INTERVAL_SECONDS} from './update-prompt.ts';
import {moveSort, reverseSort} from './update-sort.ts';

/** The steps of + and -, in seconds. */
const INTERVALS = [0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 60];

/** What an intent does while browsing, in inspect and in help. */
export function updateIntent(state: State, intent: Intent): Update<State> {
  switch (intent.type) {
    case 'cursor-moved':
      return [moveStep(state, intent.step)];
    case 'view-chosen':
      return [
        {
          ...state,
          view: intent.view,
          main: 'sessions',
          showIdle: null,
          frozen: null,
          tableCursor: freshCursor(),
          focus: 'table',
        },
      ];
    case 'signal-asked':
      return askSignal(state, intent.action, '');
    case 'menu-opened':
      return [openMenu(state, intent.menu)];
    case 'inspect-opened':
      return openRow(state);
    case 'action-log-opened':
      return [
        {...state, mode: {type: 'action-log', records: null, scroll: 0, returnTo: state.mode}},
        {type: 'read-audit-log'},
      ];
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
      return copyText(state, intent.type);
    case 'pause-toggled':
      return togglePause(state);
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
      return state.mode.type === 'browse' && state.main === 'sessions'
        ? [state, {type: 'quit'}]
        : [leavePage(state)];
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
      | 'load-opened'
      | 'groups-opened'
      | 'query-scrolled'
      | 'wrap-toggled'
      | 'layout-cycled'
      | 'header-cycled'
      | 'load-cycled'
      | 'cost-toggled'
      | 'tree-toggled'
      | 'branch-folded'
      | 'panel-changed'
      | 'tags-changed'
      | 'scheme-explained';
  }
>;

/** The intents that change what is shown and ask nothing of the outside. */
function change(state: State, intent: Change): State {
  switch (intent.type) {
    case 'sort-moved':
      return moveSort(state, intent.direction === 'next' ? 1 : -1);
    case 'sort-reversed':
      return reverseSort(state);
    case 'idle-toggled': {
      const {showsIdle, title} = viewOf(state);
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
    case 'load-opened':
      return {...state, main: 'load', frozen: null, focus: 'table', loadCursor: freshCursor()};
    case 'groups-opened':
      return state.main === 'groups'
        ? regroup(state, 1)
        : {...state, main: 'groups', frozen: null, focus: 'table'};
    case 'query-scrolled':
      if (state.main === 'groups') return regroup(state, intent.direction === 'right' ? 1 : -1);
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
    case 'load-cycled':
      return {...state, loadHeight: following(['off', 'low', 'high'] as const, state.loadHeight)};
    case 'cost-toggled':
      return {...state, showsCost: !state.showsCost};
    case 'tree-toggled':
      return {...state, tree: {...state.tree, visibility: isTreeOpen(state) ? 'closed' : 'open'}};
    case 'branch-folded':
      return foldBranch(state, intent.isFolded);
    case 'panel-changed':
      if (!isTreeOpen(state)) return note(state, 'The lock-wait tree is closed: t opens it.');
      return {...state, focus: state.focus === 'table' ? 'tree' : 'table'};
    case 'tags-changed': {
      const changed = changeTags(state, intent.by);
      return intent.by === 'session' ? moveStep(changed, 'down') : changed;
    }
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

function changeInterval(state: State, direction: 'faster' | 'slower'): Update<State> {
  if (state.focus === 'tree') return [foldBranch(state, direction === 'faster')];
  const seconds = state.intervalMs / 1000;
  const next =
    direction === 'slower'
      ? (INTERVALS.find(step => step > seconds) ?? GREATEST_INTERVAL_SECONDS)
      : (INTERVALS.findLast(step => step < seconds) ?? LEAST_INTERVAL_SECONDS);
  return [
    note(withInterval(state, next * 1000), `A refresh every ${next} s.`),
    {type: 'set-interval', intervalMs: next * 1000},
  ];
}

/** The sessions grouped by the next thing, or the previous one. */
function regroup(state: State, by: 1 | -1): State {
  const index = GROUPINGS.indexOf(state.groupBy) + by + GROUPINGS.length;
  const groupBy = GROUPINGS[index % GROUPINGS.length] ?? state.groupBy;
  return {...state, groupBy, groupCursor: freshCursor(), frozen: null};
}

/** Back to where help was opened from, or from inspect and the groups to the table. */
function leavePage(state: State): State {
  const {mode} = state;
  if (mode.type === 'browse') return {...state, main: 'sessions', frozen: null};
  return mode.type === 'help' || mode.type === 'action-log'
    ? {...state, mode: mode.returnTo}
    : {...state, mode: {type: 'browse'}, detail: null};
}

/** Esc: out of inspect, help and groups, else away with the filter, then with the picked user and database, then with the search. */
function goBack(state: State): State {
  if (state.mode.type !== 'browse' || state.main !== 'sessions') return leavePage(state);
  if (state.filter !== null) return {...state, filter: null, frozen: null};
  if (state.user !== null || state.database !== null)
    return {...state, user: null, database: null, frozen: null};
  return {...state, frozen: null, search: ''};
}
