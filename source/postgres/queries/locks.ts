import type {Since} from '../sql-version.ts';

/** One row of a lock statement, in the order of its columns. */
export type LockRow = readonly [
  locktype: string,
  database: string | null,
  relation: string | null,
  page: string | null,
  tuple: string | null,
  virtualxid: string | null,
  transactionid: string | null,
  classid: string | null,
  objid: string | null,
  objsubid: string | null,
  virtualtransaction: string,
  pid: string | null,
  mode: string,
  granted: string,
  waitstart: string | null,
];

const columns = (
  since: Since,
) => `l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid,
       l.classid, l.objid, l.objsubid, l.virtualtransaction, l.pid, l.mode, l.granted,
       ${since(140000, 'l.waitstart', 'NULL::timestamptz')}`;

/**
 * Every wish for a lock and who holds what is wished for, in one reading; and the transaction ids of prepared transactions, which tell them
 * apart. Some more rows come with it: the objects are compared by what tells most of them apart, not by all of the tag.
 */
export function waitedForLocksStatement(since: Since): string {
  return /* sql */ `
-- pg_lock_status, the function under pg_locks; any role sees all of it. One look at the lock manager:
-- about 0.3 ms, 4 ms with 900 waiters. Nobody waits for an SIReadLock.
WITH l AS ${since(120000, 'MATERIALIZED', '')} (SELECT * FROM pg_catalog.pg_lock_status())
SELECT ${columns(since)}
  FROM l
 WHERE NOT l.granted
    OR l.mode <> 'SIReadLock' AND (${columnsOf('l')}) IN (SELECT DISTINCT ${columnsOf('w')} FROM l w WHERE NOT w.granted)
    OR l.pid IS NULL AND l.locktype = 'transactionid'`;
}

/** What tells the object of a lock apart, cheap to compute and to hash; NULLs must compare equal. */
const columnsOf = (lock: string) =>
  `${lock}.locktype, coalesce(${lock}.relation, ${lock}.objid, 0), coalesce(${lock}.classid, 0), coalesce(${lock}.virtualxid, ${lock}.transactionid::text, '')`;

/** One row of the statement on a session's locks: the lock, and how many locks the session has in all. */
export type SessionLockRow = readonly [...lock: LockRow, count: string];

/** The locks of one backend and its parallel workers. $1: their pids; $2: how many rows at most, wishes first. */
export function sessionLocksStatement(since: Since): string {
  return /* sql */ `
-- pg_lock_status; any role. Reads all locks of the server and returns those of one session.
SELECT ${columns(since)}, pg_catalog.count(*) OVER ()
  FROM pg_catalog.pg_lock_status() l
 WHERE l.pid = ANY ($1::int4[])
 ORDER BY l.granted, l.locktype, l.relation
 LIMIT $2::int4`;
}
