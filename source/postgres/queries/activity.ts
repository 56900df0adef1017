import type {Since} from '../sql-version.ts';

/** One row of the activity statement, in the order of its columns; text as the server printed it. */
export type ActivityRow = readonly [
  clock: string | null,
  pid: string,
  datid: string | null,
  usesysid: string | null,
  applicationName: string | null,
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
];

/**
 * Every backend, and on the monitor's own row the server's clock. $1: bytes of query text to fetch; $2: the texts of queries
 * begun before this moment are known already and stay at home (null: all travel).
 */
export function activityStatement(since: Since): string {
  return /* sql */ `
-- pg_stat_get_activity, the function under pg_stat_activity: the view joins pg_authid and pg_database and waits when
-- somebody locks those. Any role; other roles' details need pg_read_all_stats. About 5 us a backend.
SELECT CASE WHEN a.pid = pg_catalog.pg_backend_pid() THEN pg_catalog.clock_timestamp() END,
       a.pid, a.datid, a.usesysid, a.application_name, a.client_addr, a.client_hostname, a.client_port,
       a.backend_start, a.xact_start, a.query_start, a.state_change, a.wait_event_type, a.wait_event, a.state,
       a.backend_xid, a.backend_xmin, a.backend_type,
       ${since(130000, 'a.leader_pid', 'NULL::int4')},
       ${since(140000, 'a.query_id', 'NULL::int8')},
       a.sslversion, a.sslcipher,
       CASE WHEN $2::timestamptz IS NULL OR a.query_start IS NULL OR a.query_start >= $2::timestamptz OR a.backend_start >= $2::timestamptz
            THEN pg_catalog.encode(pg_catalog.substr(pg_catalog.textsend(a.query), 1, $1::int4), 'escape') END
  FROM pg_catalog.pg_stat_get_activity(NULL) a`;
}
