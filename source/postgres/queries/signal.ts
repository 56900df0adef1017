/** The row of a signal statement: whether the signal was sent. No row: nobody matched, nothing was sent. */
export type SignalRow = readonly [sent: string];

/** Whether the target is there; and when it is, whether the statement to cancel still runs. */
export type TargetRow = readonly [state: string | null, queryStart: string | null];

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

/** How the target is. $1: pid; $2: backend_start in microseconds. No row: the session is gone. */
export const targetStatement = /* sql */ `
-- One row of pg_stat_get_activity; any role.
SELECT a.state, pg_catalog.round(extract(epoch FROM a.query_start) * 1e6)::int8
  FROM pg_catalog.pg_stat_get_activity($1::int4) a
 WHERE pg_catalog.round(extract(epoch FROM a.backend_start) * 1e6)::int8 = $2::int8`;
