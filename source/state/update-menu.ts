import {COLUMNS, type ColumnId} from '../model/columns.ts';
import type {Update} from './action.ts';
import {currentSession} from './current-session.ts';
import type {MenuEntry, MenuName, Mode, State} from './state.ts';
import {sortOf} from './table-rows.ts';
import {askSignal} from './update-signal.ts';

type Menu = Extract<Mode, {type: 'menu'}>;

/** The columns a user can sort by, in the order in which they stand. */
const SORTABLE = COLUMNS.map(({id, title}) => ({value: id, label: title}));

/** Opens a menu with its present choice marked. */
export function openMenu(state: State, menu: MenuName): State {
  const entries = entriesOf(state, menu);
  const chosen = chosenValue(state, menu);
  const index = Math.max(
    0,
    entries.findIndex(entry => entry.value === chosen),
  );
  return {
    ...state,
    mode: {type: 'menu', menu, entries, index, session: currentSession(state), returnTo: state.mode},
  };
}

function entriesOf(state: State, menu: MenuName): readonly MenuEntry[] {
  switch (menu) {
    case 'sort':
      return SORTABLE;
    case 'user':
      return [{value: null, label: 'any user'}, ...distinct(state, backend => backend.usename)];
    case 'database':
      return [{value: null, label: 'any database'}, ...distinct(state, backend => backend.datname)];
    case 'signal':
      return [
        {value: 'cancel', label: 'cancel the query (pg_cancel_backend)'},
        {value: 'terminate', label: 'terminate the session (pg_terminate_backend)'},
      ];
    default:
      return menu satisfies never;
  }
}

type Backend = NonNullable<State['shown']>['reading']['backends'][number];

function distinct(state: State, nameOf: (backend: Backend) => string | null): readonly MenuEntry[] {
  const counts = new Map<string, number>();
  for (const backend of state.shown?.reading.backends ?? []) {
    const value = nameOf(backend);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, count]) => ({value, label: `${value} (${count})`}));
}

function chosenValue(state: State, menu: MenuName): string | null {
  if (menu === 'sort') return sortOf(state).column;
  if (menu === 'user') return state.user;
  return menu === 'database' ? state.database : null;
}

/** A key in a menu: arrows move, Enter chooses, Esc closes; a letter goes to the next entry that begins with it. */
export function updateMenu(state: State, mode: Menu, key: string): Update<State> {
  const last = mode.entries.length - 1;
  const to = (index: number): Update<State> => [
    {...state, mode: {...mode, index: Math.max(0, Math.min(last, index))}},
  ];
  switch (vimMove(state, key)) {
    case 'up':
      return to(mode.index - 1);
    case 'down':
      return to(mode.index + 1);
    case 'pageup':
      return to(mode.index - 8);
    case 'pagedown':
      return to(mode.index + 8);
    case 'home':
      return to(0);
    case 'end':
      return to(last);
    case 'enter':
      return [choose(state, mode)];
    case 'escape':
    case 'q':
      return [{...state, mode: mode.returnTo}];
    case 'ctrl+c':
    case 'f10':
      return [state, {type: 'quit'}];
    default: {
      if ([...key].length > 1) return [state];
      const begins = (entry: MenuEntry) => entry.label.toLowerCase().startsWith(key.toLowerCase());
      const after = mode.entries.findIndex((entry, index) => index > mode.index && begins(entry));
      const found = after === -1 ? mode.entries.findIndex(begins) : after;
      return found === -1 ? [state] : to(found);
    }
  }
}

/** The vim scheme's j and k move in menus too. */
function vimMove({options}: State, key: string): string {
  if (options.keys !== 'vim') return key;
  return key === 'j' ? 'down' : key === 'k' ? 'up' : key;
}

function choose(state: State, mode: Menu): State {
  const value = mode.entries[mode.index]?.value ?? null;
  const closed: State = {...state, mode: mode.returnTo, frozen: null};
  switch (mode.menu) {
    case 'sort': {
      const column = (value ?? 'time') as ColumnId;
      const isSame = sortOf(state).column === column;
      return sortBy(closed, column, isSame ? !sortOf(state).descending : isDescendingFirst(column));
    }
    case 'user':
      return {...closed, user: value};
    case 'database':
      return {...closed, database: value};
    case 'signal':
      return askSignal(closed, value === 'cancel' ? 'cancel' : 'terminate', 'f9', mode.session);
    default:
      return mode.menu satisfies never;
  }
}

/** Ages and counts are of interest from the top, names from A. */
export function isDescendingFirst(column: ColumnId): boolean {
  return column === 'time' || column === 'blk';
}

/** The state sorted by a column in its present view. */
export function sortBy(state: State, column: ColumnId, descending: boolean): State {
  return {...state, sorts: {...state.sorts, [state.view]: {column, descending}}, frozen: null};
}
