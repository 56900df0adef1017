import {addSize, beginMeasuring} from '../model/database-size.ts';
import type {Action, Update} from './action.ts';
import {databaseEntries} from './database-entries.ts';
import type {State} from './state.ts';

type SizeAction = Extract<Action, {type: 'database-measured' | 'measuring-ended'}>;

/** Has the databases measured, unless they are being measured. */
export function askSizes(state: State): Update<State> {
  const server = state.shown?.reading.server.identity;
  if (server === undefined || state.sizes.progress !== null) return [state];
  return [{...state, message: null, sizes: beginMeasuring(state.sizes, server)}, {type: 'measure-databases'}];
}

/** Gives up what is being measured. */
export function stopSizes(state: State): Update<State> {
  const message = {text: 'Measuring was stopped.', kind: 'note'} as const;
  return [{...state, message, sizes: {...state.sizes, progress: null}}, {type: 'stop-measuring'}];
}

/** What came of measuring. */
export function updateSizes(state: State, action: SizeAction): State {
  if (state.sizes.progress === null) return state;
  switch (action.type) {
    case 'database-measured':
      return withEntries({...state, sizes: addSize(state.sizes, action.size, action.total)});
    case 'measuring-ended': {
      const {problem} = action;
      const message =
        problem === null
          ? state.message
          : ({text: `The databases cannot be measured: ${problem}`, kind: 'bad'} as const);
      return withEntries({...state, message, sizes: {...state.sizes, progress: null}});
    }
    default:
      return action satisfies never;
  }
}

/** The list of databases with what is known by now, its choice where it was. */
export function withEntries(state: State): State {
  const {mode} = state;
  if (mode.type !== 'menu' || mode.menu !== 'database') return state;
  const chosen = mode.entries[mode.index]?.value;
  const entries = databaseEntries(state);
  const index = Math.max(
    0,
    entries.findIndex(({value}) => value === chosen),
  );
  return {...state, mode: {...mode, entries, index}};
}
