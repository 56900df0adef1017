/** The row of the statement. No row: the session is gone. */
export type SessionDetailRow = readonly [datid: string | null, query: string | null];

/** The whole query text of one session. $1: pid; $2: backend_start in microseconds; $3: bytes at most. */
export const sessionDetailStatement = /* sql */ `
-- One row of pg_stat_get_activity; other roles' texts need pg_read_all_stats.
SELECT a.datid, pg_catalog.encode(pg_catalog.substr(pg_catalog.textsend(a.query), 1, $3::int4), 'escape')
  FROM pg_catalog.pg_stat_get_activity($1::int4) a
 WHERE pg_catalog.round(extract(epoch FROM a.backend_start) * 1e6)::int8 IS NOT DISTINCT FROM $2::int8`;
