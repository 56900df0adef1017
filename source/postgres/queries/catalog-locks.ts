/** One row: the catalog's oid, and who holds the lock on it; null for a prepared transaction. */
export type CatalogLockRow = readonly [relation: string, pid: string | null];

/** The catalogs of the connected database and the shared ones that are locked against everybody. $1: their oids; $2: the database. */
export const catalogLocksStatement = /* sql */ `
-- pg_lock_status, the function under pg_locks; any role. The names of the catalogs are not asked for: they may be what is locked.
SELECT l.relation, l.pid FROM pg_catalog.pg_lock_status() l
 WHERE l.granted AND l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'
   AND l.relation = ANY ($1::oid[]) AND l.database IN (0, $2::oid)
 ORDER BY l.relation`;
