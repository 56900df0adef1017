/** The row of a signal statement: whether the signal was sent. No row: nobody matched, nothing was sent. */
export type SignalRow = readonly [sent: string];

/** A session and the transaction it is in. */
export type VirtualTransactionRow = readonly [pid: string, virtualTransaction: string];

// Identity is read and the signal sent by the same executor call, microseconds apart. The function stands in the select list:
// in WHERE it would run before the comparison. No view and no join, which would widen the gap.

/** Terminates one session. $1: its pid; $2: its backend_start in microseconds. */
export const terminateStatement = /* sql */ `
-- pg_terminate_backend of exactly the session that was seen; needs membership in the target's role or pg_signal_backend.
SELECT pg_catalog.pg_terminate_backend(a.pid)
  FROM pg_catalog.pg_stat_get_activity($1::int4) a
 WHERE pg_catalog.round(extract(epoch FROM a.backend_start) * 1e6)::int8 = $2::int8`;

/** Cancels one statement. $1: pid; $2: backend_start; $3: query_start, both in microseconds. */
export const cancelStatement = /* sql */ `
-- pg_cancel_backend of exactly the statement that was seen, not of whatever the session runs by now.
SELECT pg_catalog.pg_cancel_backend(a.pid)
  FROM pg_catalog.pg_stat_get_activity($1::int4) a
 WHERE pg_catalog.round(extract(epoch FROM a.backend_start) * 1e6)::int8 = $2::int8
   AND a.state = 'active'
   AND pg_catalog.round(extract(epoch FROM a.query_start) * 1e6)::int8 = $3::int8`;

/** Signals the session that is in one transaction. $1: pid; $2: virtualtransaction. For a role that sees no backend_start. */
export const transactionStatements = {
  cancel: ofTransaction('pg_cancel_backend'),
  terminate: ofTransaction('pg_terminate_backend'),
} as const;

function ofTransaction(signal: 'pg_cancel_backend' | 'pg_terminate_backend'): string {
  return /* sql */ `
-- A virtual transaction id is used once in the life of a server; pg_lock_status, the function under pg_locks, shows it to any role.
SELECT pg_catalog.${signal}(l.pid)
  FROM pg_catalog.pg_lock_status() l
 WHERE l.pid = $1::int4 AND l.locktype = 'virtualxid' AND l.virtualtransaction = $2::text`;
}

/** Signals whoever has a pid, role and database. $1: pid; $2: usesysid; $3: datid. The weaker guard: a reused pid may have both too. */
export const roleStatements = {
  cancel: ofRole('pg_cancel_backend'),
  terminate: ofRole('pg_terminate_backend'),
} as const;

function ofRole(signal: 'pg_cancel_backend' | 'pg_terminate_backend'): string {
  return /* sql */ `
-- For a role that sees no backend_start, of a session in no transaction; only after its pid was typed.
SELECT pg_catalog.${signal}(a.pid)
  FROM pg_catalog.pg_stat_get_activity($1::int4) a
 WHERE a.usesysid IS NOT DISTINCT FROM $2::oid AND a.datid IS NOT DISTINCT FROM $3::oid`;
}

/** How the target is. $1: pid; $2: backend_start in microseconds. No row: the session is gone. */
export const targetStatement = /* sql */ `
-- One row of pg_stat_get_activity; any role.
SELECT a.state, pg_catalog.round(extract(epoch FROM a.query_start) * 1e6)::int8
  FROM pg_catalog.pg_stat_get_activity($1::int4) a
 WHERE pg_catalog.round(extract(epoch FROM a.backend_start) * 1e6)::int8 = $2::int8`;

/** Whether somebody has a pid, role and database. $1: pid; $2: usesysid; $3: datid. No row: nobody, so the session that had them is gone. */
export const roleTargetStatement = /* sql */ `
-- One row of pg_stat_get_activity, which shows these three columns of every session to any role.
SELECT a.pid
  FROM pg_catalog.pg_stat_get_activity($1::int4) a
 WHERE a.usesysid IS NOT DISTINCT FROM $2::oid AND a.datid IS NOT DISTINCT FROM $3::oid`;

/** The transaction of every session that is in one. */
export const virtualTransactionsStatement = /* sql */ `
-- Asked only by a role that may signal but not see backend_start. pg_lock_status: about 1 us a lock.
SELECT l.pid, l.virtualtransaction
  FROM pg_catalog.pg_lock_status() l
 WHERE l.locktype = 'virtualxid' AND l.granted AND l.pid IS NOT NULL`;
