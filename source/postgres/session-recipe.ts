import type {Connection} from './connection.ts';
import {sinceVersion} from './sql-version.ts';

/** A connection pooler stands between pgtop and the server: its settings would leak into other clients' sessions. */
export class PoolerInBetween extends Error {
  override readonly name = 'PoolerInBetween';
}

/**
 * Makes a fresh session fit for monitoring: names resolve in pg_catalog only, nothing can be written, nothing
 * waits for long, and text arrives as the server stores it. @throws PoolerInBetween before anything is set.
 */
export async function prepareSession(connection: Connection): Promise<{versionNum: number}> {
  const rows = await connection.query<readonly [string, string]>(
    "SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version_num')",
  );
  const [pid, version] = rows[0] ?? [];
  if (Number(pid) !== connection.processId) {
    throw new PoolerInBetween('a connection pooler answers here; connect to the server itself');
  }
  const versionNum = Number(version);
  const since = sinceVersion(versionNum);
  await connection.run(/* sql */ `
SET search_path = pg_catalog;
SET default_transaction_read_only = on;
SET client_encoding = 'SQL_ASCII';
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET bytea_output = 'hex';
SET statement_timeout = 2000;
SET lock_timeout = 300;
SET idle_in_transaction_session_timeout = 5000;
SET max_parallel_workers_per_gather = 0;
${since(110000, 'SET jit = off;', '')}
${since(140000, 'SET idle_session_timeout = 0; SET client_connection_check_interval = 1000;', '')}
${since(170000, 'SET transaction_timeout = 0;', '')}`);
  return {versionNum};
}
