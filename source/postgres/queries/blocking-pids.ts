/** One row of the statement: a waiting pid and the pids that block it as text of an array, `{4711,0}`. */
export type BlockingPidsRow = readonly [pid: string, blockingPids: string];

/** Whom some waiters wait for, in the server's own judgement. $1: their pids. */
export const blockingPidsStatement = /* sql */ `
-- pg_blocking_pids; any role. Takes every partition of the lock manager once a pid (about 0.1 ms in a storm):
-- asked only for the few waiters whose place in a queue a reading of pg_locks cannot tell.
SELECT p.pid, pg_catalog.pg_blocking_pids(p.pid)
  FROM pg_catalog.unnest($1::int4[]) AS p (pid)`;
