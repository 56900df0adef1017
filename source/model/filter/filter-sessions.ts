import type {Session} from '../session.ts';
import {withinTime} from '../within-time.ts';
import {compileFilter} from './compile-filter.ts';
import type {Filter, FilterTerm} from './filter.ts';
import type {FilterContext} from './filter-terms.ts';

/** How long one look at all sessions may take; a thousand of them take a regular expression some milliseconds. */
const LONGEST_MS = 250;

/** What is said of a filter that is too slow. */
export const SLOW_FILTER = 'a regular expression of the filter takes too long on these sessions';

const tooSlow = new WeakSet<Filter>();

/** True for a filter with a regular expression that would have taken too long on the sessions it was asked about: it lets nobody pass. */
export function isTooSlow(filter: Filter): boolean {
  return tooSlow.has(filter);
}

/** The sessions that a filter lets pass, in their order. Anybody may send a text on which a regular expression backtracks for years. */
export function filterSessions(
  sessions: readonly Session[],
  filter: Filter,
  context: FilterContext,
): readonly Session[] {
  if (tooSlow.has(filter)) return [];
  const test = compileFilter(filter);
  const look = () => sessions.filter(session => test(session, context));
  if (!filter.terms.some(hasPattern)) return look();
  // A process that was stopped in the middle of it has had no time.
  const looked = withinTime(LONGEST_MS, look) ?? withinTime(LONGEST_MS, look);
  if (looked === null) tooSlow.add(filter);
  return looked?.result ?? [];
}

function hasPattern(term: FilterTerm): boolean {
  if (term.kind === 'not') return hasPattern(term.term);
  return (term.kind === 'text' || term.kind === 'field') && term.match.kind === 'matches';
}
