import {parseFilter} from '../model/filter/parse-filter.ts';
import type {Update} from './action.ts';
import {withInterval} from './data-age.ts';
import {findFrom} from './find-row.ts';
import type {Mode} from './mode.ts';
import type {ActiveFilter, State} from './state.ts';
import {editField, type TextField} from './text-field.ts';

type Prompt = Extract<Mode, {type: 'filter-prompt' | 'search-prompt' | 'interval-prompt'}>;

/** Shortest and longest time between refreshes, in seconds. */
export const LEAST_INTERVAL_SECONDS = 0.2;
export const GREATEST_INTERVAL_SECONDS = 60;

/** A key in a prompt: Enter takes the text, Esc gives it up, the others edit it. */
export function updatePrompt(state: State, mode: Prompt, key: string): Update<State> {
  if (key === 'ctrl+c' || key === 'f10') return [state, {type: 'quit'}];
  if (key === 'enter') return accept(state, mode);
  if (key === 'escape') return [giveUp(state, mode)];
  return [editPrompt(state, mode, editField(mode, key))];
}

/** The prompt with its text changed; a filter holds at once, as far as it is well-formed. */
export function editPrompt(state: State, mode: Prompt, field: TextField): State {
  const {text, caret} = field;
  if (text === mode.text && caret === mode.caret) return state;
  const next: State = {...state, message: null, mode: {...mode, text, caret}};
  if (mode.type === 'filter-prompt') {
    const parsed = activeFilter(text);
    return parsed === undefined ? next : {...next, filter: parsed, frozen: null};
  }
  return mode.type === 'search-prompt' && text !== '' ? findFrom(next, text, 0) : next;
}

/** The filter that a text means: null for none, undefined for a mistake. */
export function activeFilter(text: string): ActiveFilter | null | undefined {
  const parsed = parseFilter(text);
  if (!parsed.ok) return undefined;
  return text.trim() === '' ? null : {text: text.trim(), filter: parsed.filter};
}

function accept(state: State, mode: Prompt): Update<State> {
  const browsing: State = {...state, mode: {type: 'browse'}, message: null};
  switch (mode.type) {
    case 'filter-prompt': {
      const parsed = parseFilter(mode.text);
      if (parsed.ok) return [browsing];
      // The prompt stays open on a mistake: the caret line under it says where.
      return [{...state, message: {text: parsed.message, kind: 'bad'}}];
    }
    case 'search-prompt':
      return [{...browsing, search: mode.text}];
    case 'interval-prompt': {
      const text = mode.text.trim().replace(',', '.');
      const seconds = /^[\d.]+$/.test(text) ? Number(text) : Number.NaN;
      if (mode.text.trim() === '') return [browsing];
      if (!(seconds >= LEAST_INTERVAL_SECONDS && seconds <= GREATEST_INTERVAL_SECONDS)) {
        return [
          {
            ...state,
            message: {
              text: `The interval is ${LEAST_INTERVAL_SECONDS} to ${GREATEST_INTERVAL_SECONDS} seconds.`,
              kind: 'bad',
            },
          },
        ];
      }
      const intervalMs = Math.round(seconds * 1000);
      return [withInterval(browsing, intervalMs), {type: 'set-interval', intervalMs}];
    }
    default:
      return mode satisfies never;
  }
}

function giveUp(state: State, mode: Prompt): State {
  const browsing: State = {...state, mode: {type: 'browse'}, message: null};
  return mode.type === 'filter-prompt' ? {...browsing, filter: null} : browsing;
}
