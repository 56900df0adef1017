import {GROUP_COLUMNS} from '../model/group-columns.ts';
import type {Update} from './action.ts';
import {databaseEntries} from './database-entries.ts';
import type {MenuEntry, MenuName, Mode} from './mode.ts';
import {chosenSignal, signalEntries} from './signal-menu.ts';
import type {State} from './state.ts';
import {columnsOf} from './table-columns.ts';
import {sortOf} from './table-rows.ts';
import {askSizes, stopSizes} from './update-sizes.ts';
import {chooseSort} from './update-sort.ts';

type Menu = Extract<Mode, {type: 'menu'}>;

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
    mode: {type: 'menu', menu, entries, index, returnTo: state.mode},
  };
}

function entriesOf(state: State, menu: MenuName): readonly MenuEntry[] {
  switch (menu) {
    case 'sort':
      return (state.main === 'groups' ? GROUP_COLUMNS : columnsOf(state)).map(({id, title}) => ({
        value: id,
        label: title,
      }));
    case 'user':
      return [{value: null, label: 'any user'}, ...users(state)];
    case 'database':
      return databaseEntries(state);
    case 'signal':
      return signalEntries(state);
    default:
      return menu satisfies never;
  }
}

function users(state: State): readonly MenuEntry[] {
  const counts = new Map<string, number>();
  for (const {usename} of state.shown?.reading.backends ?? [])
    if (usename !== null) counts.set(usename, (counts.get(usename) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, count]) => ({value, label: `${value} (${count})`}));
}

function chosenValue(state: State, menu: MenuName): string | null {
  if (menu === 'sort') return (state.main === 'groups' ? state.groupSort : sortOf(state)).column;
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
      return choose(state, mode);
    case 'f2':
      return mode.menu === 'database' ? askSizes(state) : [state];
    case 'escape':
    case 'q':
      if (mode.menu === 'database' && state.sizes.progress !== null) return stopSizes(state);
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

function choose(state: State, mode: Menu): Update<State> {
  const value = mode.entries[mode.index]?.value ?? null;
  const closed: State = {...state, mode: mode.returnTo, frozen: null};
  switch (mode.menu) {
    case 'sort':
      return [chooseSort(closed, value ?? 'time')];
    case 'user':
      return [{...closed, user: value}];
    case 'database':
      return state.sizes.progress === null
        ? [{...closed, database: value}]
        : stopSizes({...closed, database: value});
    case 'signal':
      return chosenSignal(closed, mode);
    default:
      return mode.menu satisfies never;
  }
}
