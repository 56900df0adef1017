import {COLUMNS} from '../model/columns.ts';
import {parseFilter} from '../model/filter/parse-filter.ts';
import type {Sort} from '../model/sort.ts';
import {UsageError} from '../model/usage-error.ts';
import {VIEWS, type ViewName} from '../model/views.ts';
import type {ActiveFilter} from '../state/state.ts';
import {isDescendingFirst} from '../state/update-menu.ts';
import {GREATEST_INTERVAL_SECONDS, LEAST_INTERVAL_SECONDS} from '../state/update-prompt.ts';
import type {Arguments} from './parse-arguments.ts';

type Values = Arguments['values'];

/** `--filter`. @throws UsageError that shows where the mistake is. */
export function filterChoice({filter}: Values): ActiveFilter | null {
  if (filter === undefined) return null;
  const parsed = parseFilter(filter);
  if (parsed.ok) return {text: filter, filter: parsed.filter};
  throw new UsageError(`--filter: ${parsed.message}`, `${filter}\n${' '.repeat(parsed.column)}^`);
}

/** `--sort COLUMN[:asc|:desc]`. @throws UsageError */
export function sortChoice({sort}: Values): Sort | null {
  if (sort === undefined) return null;
  const [name = '', direction] = sort.toLowerCase().split(':');
  const column = COLUMNS.find(({id, title}) => id === name || title.toLowerCase() === name);
  if (column === undefined || !['asc', 'desc', undefined].includes(direction)) {
    const names = COLUMNS.map(({id}) => id).join(', ');
    throw new UsageError(
      `--sort takes COLUMN, COLUMN:asc or COLUMN:desc, not "${sort}"`,
      `Columns: ${names}`,
    );
  }
  return {
    column: column.id,
    descending: direction === undefined ? isDescendingFirst(column.id) : direction === 'desc',
  };
}

/** `--view`. @throws UsageError */
export function viewChoice({view}: Values): ViewName {
  if (view === undefined) return 'active';
  const found = VIEWS.find(({name, key}) => name === view || key === view);
  if (found !== undefined) return found.name;
  throw new UsageError(`there is no view "${view}"`, `Views: ${VIEWS.map(({name}) => name).join(', ')}`);
}

/** A number of seconds within bounds, as milliseconds. @throws UsageError */
export function secondsChoice(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise * 1000;
  const seconds = Number(text);
  if (seconds >= LEAST_INTERVAL_SECONDS && seconds <= GREATEST_INTERVAL_SECONDS)
    return Math.round(seconds * 1000);
  throw new UsageError(
    `--${name} takes ${LEAST_INTERVAL_SECONDS} to ${GREATEST_INTERVAL_SECONDS} seconds, not "${text}"`,
  );
}

/** One of several words. @throws UsageError */
export function wordChoice<const Word extends string>(
  name: string,
  text: string | undefined,
  words: readonly [Word, ...Word[]],
): Word {
  const found = text === undefined ? words[0] : words.find(word => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} takes ${words.join(', ')}, not "${text}"`);
}
