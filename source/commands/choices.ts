import {COLUMNS} from '../model/columns.ts';
import {parseFilter} from '../model/filter/parse-filter.ts';
import type {Sort} from '../model/sort.ts';
import {textWidth} from '../model/text-width.ts';
import {
  DEFAULT_THRESHOLDS,
  parseThreshold,
  THRESHOLDS,
  type ThresholdName,
  type Thresholds,
} from '../model/thresholds.ts';
import {UsageError} from '../model/usage-error.ts';
import {VIEWS} from '../model/views.ts';
import type {ActiveFilter, InitialChoices} from '../state/state.ts';
import {GREATEST_INTERVAL_SECONDS, LEAST_INTERVAL_SECONDS} from '../state/update-prompt.ts';
import {isDescendingFirst} from '../state/update-sort.ts';
import type {Arguments} from './parse-arguments.ts';

type Values = Arguments['values'];

/** `--filter`. @throws UsageError that shows where the mistake is. */
export function filterChoice({filter}: Values): ActiveFilter | null {
  if (filter === undefined) return null;
  const parsed = parseFilter(filter);
  if (parsed.ok) return {text: filter, filter: parsed.filter};
  throw new UsageError(
    `--filter: ${parsed.message}`,
    `${filter}\n${' '.repeat(textWidth(filter.slice(0, parsed.column)))}^`,
  );
}

/** `--sort COLUMN[:asc|:desc]`; figures of processes are known to the live monitor only. @throws UsageError */
export function sortChoice({sort}: Values, isLive: boolean): Sort | null {
  if (sort === undefined) return null;
  const [name = '', direction] = sort.toLowerCase().split(':');
  const columns = COLUMNS.filter(({isOfProcess}) => isLive || !isOfProcess);
  const column = columns.find(({id, title}) => id === name || title.toLowerCase() === name);
  if (column === undefined || !['asc', 'desc', undefined].includes(direction)) {
    const names = columns.map(({id}) => id).join(', ');
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

/** `--threshold NAME=VALUE,…`. @throws UsageError */
export function thresholdsChoice({threshold: given}: Values): Thresholds {
  const typed = (given?.split(',') ?? []).map((pair): readonly [ThresholdName, number | null] => {
    const [name, text = ''] = pair.split('=', 2);
    const threshold = THRESHOLDS.find(candidate => candidate.name === name);
    const value = threshold === undefined ? undefined : parseThreshold(threshold, text);
    if (threshold !== undefined && value !== undefined) return [threshold.name, value];
    const forms = THRESHOLDS.map(({name: known, otherwise}) => `${known}=${otherwise}`).join(', ');
    throw new UsageError(`--threshold takes NAME=VALUE, not "${pair}"`, `By itself ${forms}; off for never`);
  });
  return {...DEFAULT_THRESHOLDS, ...Object.fromEntries(typed)};
}

/** What `--view` takes beside the views of the session table. */
const OTHER_VIEWS = [
  {name: 'load', key: '6'},
  {name: 'groups', key: '7'},
] as const;

/** `--view`, by its name or its key. @throws UsageError */
export function viewChoice({view}: Values): Pick<InitialChoices, 'view' | 'main'> {
  if (view === undefined) return {view: 'active'};
  const isAsked = ({name, key}: {readonly name: string; readonly key: string}) =>
    name === view || key === view;
  const found = VIEWS.find(isAsked);
  if (found !== undefined) return {view: found.name};
  const other = OTHER_VIEWS.find(isAsked);
  if (other !== undefined) return {view: 'active', main: other.name};
  const names = [...VIEWS, ...OTHER_VIEWS].map(({name}) => name).join(', ');
  throw new UsageError(`there is no view "${view}"`, `Views: ${names}`);
}

/** A number of seconds within bounds, as milliseconds. @throws UsageError */
export function secondsChoice(
  name: string,
  text: string | undefined,
  otherwise: number,
  least = LEAST_INTERVAL_SECONDS,
  greatest = GREATEST_INTERVAL_SECONDS,
): number {
  if (text === undefined) return otherwise * 1000;
  const seconds = Number(text);
  if (seconds >= least && seconds <= greatest) return Math.round(seconds * 1000);
  throw new UsageError(`--${name} takes ${least} to ${greatest} seconds, not "${text}"`);
}

/** A log may want a look an hour, which the live view does not. */
const GREATEST_WATCH_SECONDS = 3_600;

/** `--watch`, as milliseconds; null without it. @throws UsageError */
export function watchChoice({watch}: Values): number | null {
  return watch === undefined
    ? null
    : secondsChoice('watch', watch, 1, LEAST_INTERVAL_SECONDS, GREATEST_WATCH_SECONDS);
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
