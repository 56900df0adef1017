import type {Since} from '../sql-version.ts';

/** The row of the rights statement. */
export type RightsRow = readonly [
  isSuperuser: string,
  readsAllStats: string,
  isStatsMember: string,
  signalsBackends: string,
  usesReservedConnections: string | null,
  signalsAutovacuum: string | null,
];

/** What the role of the session may do on this server. */
export function rightsStatement(since: Since): string {
  return /* sql */ `
-- pg_has_role of the predefined roles; any role. USAGE counts, since a member without INHERIT has none of the rights; but for what
-- it sees any member had them before PostgreSQL 15.
SELECT pg_catalog.current_setting('is_superuser'),
       pg_catalog.pg_has_role('pg_read_all_stats', ${since(150000, "'USAGE'", "'MEMBER'")}),
       pg_catalog.pg_has_role('pg_read_all_stats', 'MEMBER'),
       pg_catalog.pg_has_role('pg_signal_backend', 'USAGE'),
       ${since(160000, "pg_catalog.pg_has_role('pg_use_reserved_connections', 'USAGE')", 'NULL::bool')},
       ${since(180000, "pg_catalog.pg_has_role('pg_signal_autovacuum_worker', 'USAGE')", 'NULL::bool')}`;
}

/** The row of the standby statement: seconds, and bytes. */
export type StandbyLagRow = readonly [seconds: string | null, bytes: string | null];

/** How far a standby is behind its primary. */
export const standbyLagStatement = /* sql */ `
-- Functions of recovery; any role. On a primary that nobody writes to, the age of the last transaction grows although nothing is missing.
SELECT extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()),
       pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn())`;

/** One row of the settings statement. */
export type SettingRow = readonly [name: string, value: string | null, unit: string | null];

/** Settings as a fresh session of this role has them. $1: their names. */
export const settingsStatement = /* sql */ `
-- pg_show_all_settings, the function under pg_settings; any role. reset_val, since pgtop changes some for its own session.
SELECT s.name, s.reset_val, s.unit FROM pg_catalog.pg_show_all_settings() s WHERE s.name = ANY ($1::text[])`;
