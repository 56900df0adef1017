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
  backendStart: string | null,
];

/** What server this is and what this role may see on it. */
export const probeStatement = /* sql */ `
-- Settings and functions any role may ask. Since PostgreSQL 15 a member without INHERIT sees nothing; before, any member saw all.
SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version'),
       pg_catalog.current_setting('server_version_num'), pg_catalog.pg_is_in_recovery(),
       pg_catalog.current_setting('max_connections'), session_user, pg_catalog.current_database(),
       (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()),
       pg_catalog.current_setting('is_superuser'),
       pg_catalog.pg_has_role('pg_read_all_stats', CASE
         WHEN pg_catalog.current_setting('server_version_num')::int4 >= 150000 THEN 'USAGE' ELSE 'MEMBER' END),
       (SELECT a.backend_start FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a)`;
