/** The row of the probe, in the order of its columns. */
export type ProbeRow = readonly [
  pid: string,
  version: string,
  versionNum: string,
  inRecovery: string,
  maxConnections: string,
  user: string,
  database: string,
  databaseOid: string,
  isSuperuser: string,
  readsAllStats: string,
];

/** What server this is and what this role may see on it. */
export const probeStatement = /* sql */ `
-- Settings and functions any role may ask. USAGE, not MEMBER: a member without INHERIT sees nothing.
SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version'),
       pg_catalog.current_setting('server_version_num'), pg_catalog.pg_is_in_recovery(),
       pg_catalog.current_setting('max_connections'), session_user, pg_catalog.current_database(),
       (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()),
       pg_catalog.current_setting('is_superuser'),
       pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')`;
