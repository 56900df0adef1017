import type {Part} from './scenes.ts';

/** What a holder does, in the words of the drawn tree. */
export const IN_XACT = 'idle in transaction T';

/** Sessions of which one waits, and the lines of the tree that they make. */
export type LockScene = {
  readonly parts: readonly Part[];
  readonly lines: readonly string[];
  /** Played in a database that is not the monitor's. */
  readonly isElsewhere?: boolean;
};

/** A wait on each type of lock that plain statements bring about, with pids as `#1`, times as `T` and changing numbers as `N`. */
export const SCENES: Readonly<Record<string, LockScene>> = {
  'a table': {
    parts: [{opening: 'BEGIN; LOCK books'}, {waits: 'SELECT * FROM books'}],
    lines: [` #1 blocks 1 ${IN_XACT}`, ' └─#2 waits T for AccessShare on books'],
  },
  'a table of a schema': {
    parts: [
      {opening: 'BEGIN; LOCK depot.shelves IN SHARE MODE'},
      {waits: 'INSERT INTO depot.shelves DEFAULT VALUES'},
    ],
    lines: [` #1 blocks 1 ${IN_XACT}`, ' └─#2 waits T for RowExclusive on depot.shelves'],
  },
  'a table of another database': {
    parts: [{opening: 'BEGIN; LOCK books'}, {waits: 'SELECT * FROM books'}],
    lines: [` #1 blocks 1 ${IN_XACT}`, ' └─#2 waits T for AccessShare on elsewhere/N'],
    isElsewhere: true,
  },
  'a queue for a table': {
    parts: [
      {opening: 'BEGIN; SELECT * FROM books'},
      {opening: 'BEGIN', waits: 'LOCK books'},
      {waits: 'SELECT * FROM books'},
    ],
    lines: [
      ` #1 blocks 2 ${IN_XACT}`,
      ' └─#2 blocks 1 waits T for AccessExclusive on books',
      '   └╌#3 waits T for AccessShare on books (queued behind)',
    ],
  },
  'a row, by its transaction and then by the row itself': {
    parts: [
      {opening: 'BEGIN; UPDATE books SET n = 1'},
      {waits: 'UPDATE books SET n = 2'},
      {waits: 'UPDATE books SET n = 3'},
    ],
    lines: [
      ` #1 blocks 2 ${IN_XACT}`,
      ' └─#2 blocks 1 waits T for Share on transaction N, open T',
      '   └─#3 waits T for Exclusive on row (0,1) of books',
    ],
  },
  'a virtual transaction': {
    parts: [
      {opening: 'BEGIN; INSERT INTO depot.shelves DEFAULT VALUES'},
      {waits: 'CREATE INDEX CONCURRENTLY ON depot.shelves (n)'},
    ],
    lines: [` #1 blocks 1 ${IN_XACT}`, ' └─#2 waits T for Share on virtual transaction V'],
  },
  'a speculative token': {
    parts: [
      {opening: 'SELECT pg_advisory_lock(-1, 7)'},
      {waits: 'INSERT INTO wishes VALUES (1) ON CONFLICT (key) DO NOTHING'},
      {waits: 'INSERT INTO wishes VALUES (1) ON CONFLICT (key) DO NOTHING'},
    ],
    lines: [
      ' #1 blocks 2 idle T',
      ' └─#2 blocks 1 waits T for Share on advisory (-1, 7)',
      '   └─#3 waits T for Share on speculative token N of transaction N',
    ],
  },
  'an object': {
    parts: [
      {opening: "BEGIN; COMMENT ON SCHEMA depot IS 'one'"},
      {waits: "COMMENT ON SCHEMA depot IS 'two'"},
    ],
    lines: [` #1 blocks 1 ${IN_XACT}`, ' └─#2 waits T for ShareUpdateExclusive on object N of pg_namespace'],
  },
  'an advisory lock of one number': {
    parts: [
      {opening: 'BEGIN; SELECT pg_advisory_xact_lock(-4711000000)'},
      {waits: 'SELECT pg_advisory_lock(-4711000000)'},
    ],
    lines: [` #1 blocks 1 ${IN_XACT}`, ' └─#2 waits T for Exclusive on advisory -4711000000'],
  },
  'an advisory lock of two numbers': {
    parts: [
      {opening: 'BEGIN; SELECT pg_advisory_xact_lock(47, -11)'},
      {waits: 'SELECT pg_advisory_lock_shared(47, -11)'},
    ],
    lines: [` #1 blocks 1 ${IN_XACT}`, ' └─#2 waits T for Share on advisory (47, -11)'],
  },
};
