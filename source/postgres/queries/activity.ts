import type {Since} from '../sql-version.ts';

/** A row of the activity statement for a backend that is as it was: its pid, and nothing else. */
export type UnchangedRow = readonly [
  clock: null,
  pid: string,
  datid: null,
  usesysid: null,
  applicationName: null,
  ...rest: readonly null[],
];

/** One row of the activity statement, in the order of its columns; text as the server printed it. */
export type ActivityRow = readonly [
  clock: string | null,
  pid: string,
  datid: string | null,
  usesysid: string | null,
  /** Never NULL, empty where there is none. */
  applicationName: string,
  clientAddr: string | null,
  clientHostname: string | null,
  clientPort: string | null,
  backendStart: string | null,
  xactStart: string | null,
  queryStart: string | null,
  stateChange: string | null,
  waitEventType: string | null,
  waitEvent: string | null,
  state: string | null,
  backendXid: string | null,
  backendXmin: string | null,
  backendType: string | null,
  leaderPid: string | null,
  queryId: string | null,
  tlsVersion: string | null,
  tlsCipher: string | null,
  query: string | null,
  inRecovery: string | null,
];

/** The place of each column in a row. */
export const COLUMN = {
  clock: 0,
  pid: 1,
  datid: 2,
  usesysid: 3,
  applicationName: 4,
  clientAddr: 5,
  clientHostname: 6,
  clientPort: 7,
  backendStart: 8,
  xactStart: 9,
  queryStart: 10,
  stateChange: 11,
  waitEventType: 12,
  waitEvent: 13,
  state: 14,
  backendXid: 15,
  backendXmin: 16,
  backendType: 17,
  leaderPid: 18,
  queryId: 19,
  tlsVersion: 20,
  tlsCipher: 21,
  query: 22,
  inRecovery: 23,
} as const;

/**
 * Every backend, and on the monitor's own row the server's clock and whether it is a standby: a promotion keeps the session. $1: bytes of query text
 * to fetch; $2: a moment before which everything is known already (null: nothing is). Of a backend that has been idle since then, in a transaction
 * or not, only the pid travels, and the texts of queries that began before it stay at home.
 */
export function activityStatement(since: Since): string {
  return /* sql */ `
-- pg_stat_get_activity, the function under pg_stat_activity: the view joins pg_authid and pg_database and waits when
-- somebody locks those. Any role; other roles' details need pg_read_all_stats. About 5 us a backend, 1 us an idle one.
SELECT CASE WHEN k.pid = pg_catalog.pg_backend_pid() THEN pg_catalog.clock_timestamp() END, k.pid,
       a.datid, a.usesysid, a.application_name, a.client_addr, a.client_hostname, a.client_port,
       a.backend_start, a.xact_start, a.query_start, a.state_change, a.wait_event_type, a.wait_event, a.state,
       a.backend_xid, a.backend_xmin, a.backend_type, a.leader_pid, a.query_id, a.sslversion, a.sslcipher, a.query,
       CASE WHEN k.pid = pg_catalog.pg_backend_pid() THEN pg_catalog.pg_is_in_recovery() END
  FROM pg_catalog.pg_stat_get_activity(NULL) k
  LEFT JOIN LATERAL (
       SELECT k.datid, k.usesysid, k.application_name, k.client_addr, k.client_hostname, k.client_port,
              k.backend_start, k.xact_start, k.query_start, k.state_change, k.wait_event_type, k.wait_event, k.state,
              k.backend_xid, k.backend_xmin, k.backend_type,
              ${since(130000, 'k.leader_pid', 'NULL::int4')} AS leader_pid,
              ${since(140000, 'k.query_id', 'NULL::int8')} AS query_id,
              k.sslversion, k.sslcipher,
              CASE WHEN $2::timestamptz IS NULL OR k.query_start IS NULL OR k.query_start >= $2::timestamptz OR k.backend_start >= $2::timestamptz
                   THEN pg_catalog.encode(pg_catalog.substr(pg_catalog.textsend(k.query), 1, $1::int4), 'escape') END AS query
       ) a ON coalesce(NOT (k.state LIKE 'idle%' AND k.state_change < $2::timestamptz), true)`;
}
