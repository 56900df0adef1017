import type {Microseconds} from './timestamp.ts';

/** One row of pg_locks: a lock that a backend or a prepared transaction holds (`granted`) or waits for. Field names are the view's. */
export type Lock = {
  readonly locktype: string;
  readonly database: number | null;
  readonly relation: number | null;
  readonly page: number | null;
  readonly tuple: number | null;
  readonly virtualxid: string | null;
  readonly transactionid: string | null;
  readonly classid: number | null;
  readonly objid: number | null;
  readonly objsubid: number | null;
  readonly virtualtransaction: string;
  /** Null for a prepared transaction, which has no server process. */
  readonly pid: number | null;
  readonly mode: string;
  readonly granted: boolean;
  /** When the wait began; null while granted, before PostgreSQL 14, and for a moment after the wait began. */
  readonly waitstart: Microseconds | null;
};

/** A prepared transaction: a row of pg_prepared_xacts. It holds locks without a server process and ends by ROLLBACK or COMMIT PREPARED only. */
export type PreparedXact = {
  readonly transaction: string;
  readonly gid: string;
  readonly prepared: Microseconds | null;
  /** Role name, or its oid as text while the name is not known. */
  readonly owner: string | null;
  /** Database name, or its oid as text while the name is not known. */
  readonly database: string | null;
};

const MODES: readonly string[] = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

/** Which modes exclude each other, as the table of conflicting lock modes in PostgreSQL's documentation has it. */
const CONFLICTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['AccessShareLock', new Set(MODES.slice(7))],
  ['RowShareLock', new Set(MODES.slice(6))],
  ['RowExclusiveLock', new Set(MODES.slice(4))],
  ['ShareUpdateExclusiveLock', new Set(MODES.slice(3))],
  ['ShareLock', new Set(MODES.slice(2).filter(mode => mode !== 'ShareLock'))],
  ['ShareRowExclusiveLock', new Set(MODES.slice(2))],
  ['ExclusiveLock', new Set(MODES.slice(1))],
  ['AccessExclusiveLock', new Set(MODES)],
]);

/** True when two lock modes cannot be held on one object at the same time by different transactions. Unknown modes conflict with nothing. */
export function modesConflict(wanted: string, held: string): boolean {
  return CONFLICTS.get(wanted)?.has(held) ?? false;
}

/** True for a lock that is waited for. */
export function isWish({granted}: Lock): boolean {
  return !granted;
}

/** What the lock is on, as one string: two rows of pg_locks with the same tag compete for the same object. */
export function lockTag(lock: Lock): string {
  return `${lock.locktype}|${lock.database}|${lock.relation}|${lock.page}|${lock.tuple}|${lock.virtualxid}|${lock.transactionid}|${lock.classid}|${lock.objid}|${lock.objsubid}`;
}
