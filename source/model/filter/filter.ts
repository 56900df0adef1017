import type {AgeField, FilterKeyword, TextField} from './filter-terms.ts';

/**
 * How a text is compared: `contains` ignores case; `equals` is exact, case included, as PostgreSQL compares names;
 * `matches` holds the source of a JavaScript regular expression that parseFilter has checked, used ignoring case.
 */
export type TextMatch = {readonly kind: 'contains' | 'equals' | 'matches'; readonly text: string};

/** One condition of a filter expression on a session. */
export type FilterTerm =
  | {readonly kind: 'not'; readonly term: FilterTerm}
  | {readonly kind: 'text'; readonly match: TextMatch}
  | {readonly kind: 'field'; readonly field: TextField; readonly match: TextMatch}
  | {readonly kind: 'pid'; readonly pids: readonly number[]}
  | {readonly kind: 'query-id'; readonly queryIds: readonly string[]}
  | {readonly kind: 'age'; readonly field: AgeField; readonly is: 'over' | 'under'; readonly ms: number}
  | {readonly kind: 'keyword'; readonly keyword: FilterKeyword};

/** A parsed filter expression: all terms must hold, so that one without terms lets every session pass. */
export type Filter = {readonly terms: readonly FilterTerm[]};
