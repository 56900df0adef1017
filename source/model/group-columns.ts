import {formatDuration} from './format.ts';
import type {SessionGroup} from './groups.ts';
import {compareValues} from './sort.ts';

/** The columns of the groups; `group` is the value they have in common. */
export type GroupColumnId =
  | 'group'
  | 'sessions'
  | 'active'
  | 'idle-in-xact'
  | 'idle'
  | 'waiting'
  | 'query-age'
  | 'xact-age';

/** A column of the groups: everything that is known of it, in one place. */
export type GroupColumn = {
  readonly id: GroupColumnId;
  readonly title: string;
  /** What it shows, as help prints it. */
  readonly description: string;
  /** Cells it takes; the group takes what the others leave. */
  readonly width: number;
  /** The columns with the lowest rank are left out first when the terminal is narrow. */
  readonly rank: number;
  readonly text: (group: SessionGroup) => string;
  /** What it is sorted by; null stands last. */
  readonly value: (group: SessionGroup) => number | string | null;
};

/** What the groups are sorted by. */
export type GroupSort = {readonly column: GroupColumnId; readonly descending: boolean};

/** A column of how many sessions are in a state, which may be hidden. */
function count(
  id: GroupColumnId,
  title: string,
  description: string,
  width: number,
  rank: number,
  countOf: (group: SessionGroup) => number,
): GroupColumn {
  const text = (group: SessionGroup) => {
    const number = countOf(group);
    if (group.hidden > 0) return number === 0 ? 'n/a' : `${number}+`;
    return number === 0 ? '' : String(number);
  };
  return {id, title, description, width, rank, text, value: countOf};
}

/** A column of the age of something. */
function age(
  id: GroupColumnId,
  title: string,
  description: string,
  rank: number,
  ageOf: (group: SessionGroup) => number | null,
): GroupColumn {
  const text = (group: SessionGroup) => {
    const ageMs = ageOf(group);
    return ageMs === null && group.hidden > 0 ? 'n/a' : formatDuration(ageMs);
  };
  return {id, title, description, width: 7, rank, text, value: ageOf};
}

/** Every column, in the order in which they stand. */
export const GROUP_COLUMNS: readonly GroupColumn[] = [
  {
    id: 'group',
    title: 'GROUP',
    description: 'what its sessions have in common',
    width: 0,
    rank: 9,
    text: ({value}) => value || '(none)',
    value: ({value}) => value,
  },
  {
    id: 'sessions',
    title: 'SESSIONS',
    description: 'how many sessions it has',
    width: 9,
    rank: 8,
    text: ({sessions}) => String(sessions.length),
    value: ({sessions}) => sessions.length,
  },
  count('active', 'ACTIVE', 'how many run a query', 7, 7, ({active}) => active),
  {
    id: 'waiting',
    title: 'WAITING',
    description: 'how many of them wait for a lock',
    width: 8,
    rank: 6,
    text: ({waiting}) => (waiting === 0 ? '' : String(waiting)),
    value: ({waiting}) => waiting,
  },
  count(
    'idle-in-xact',
    'IDLE TX',
    'how many are idle in a transaction, aborted or not',
    8,
    3,
    ({idleInXact}) => idleInXact,
  ),
  count('idle', 'IDLE', 'how many are idle outside one', 5, 2, ({idle}) => idle),
  age('query-age', 'QUERY', 'age of the oldest query that runs', 5, ({queryAgeMs}) => queryAgeMs),
  age('xact-age', 'XACT', 'age of the oldest open transaction', 4, ({xactAgeMs}) => xactAgeMs),
];

/** The groups in order. Equals stand by their value, so that they do not change places without a reason. */
export function sortGroups(groups: readonly SessionGroup[], sort: GroupSort): readonly SessionGroup[] {
  const sortValue = GROUP_COLUMNS.find(({id}) => id === sort.column)?.value ?? (() => null);
  const direction = sort.descending ? -1 : 1;
  const byValue = (a: SessionGroup, b: SessionGroup) => compareValues(a.value, b.value);
  return [...groups].sort((a, b) => {
    const [first, second] = [sortValue(a), sortValue(b)];
    if (first === null || second === null)
      return Number(first === null) - Number(second === null) || byValue(a, b);
    return compareValues(first, second) * direction || byValue(a, b);
  });
}
