import type {Connection} from './connection.ts';
import {adminConsole, poolerInBetween} from './pooler.ts';
import {sinceVersion} from './sql-version.ts';

/** A server that pgtop cannot watch. */
export class UnsupportedServer extends Error {
  override readonly name = 'UnsupportedServer';
}

const OLDEST_VERSION = 100_000;

const firstStatement = /* sql */ `
SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version_num')`;

/**
 * Makes a fresh session fit for monitoring: names resolve in pg_catalog only, nothing can be written, nothing
 * waits for long, and text arrives as the server stores it. @throws PoolerInBetween and UnsupportedServer before anything is set.
 */
export async function prepareSession(connection: Connection): Promise<{versionNum: number}> {
  const [pid, version] = await askFirst(connection);
  if (Number(pid) !== connection.processId) throw await poolerInBetween(connection);
  const versionNum = Number(version);
  if (versionNum < OLDEST_VERSION) {
    throw new UnsupportedServer(
      `this is PostgreSQL ${Math.floor(versionNum / 10_000)}.${Math.floor(versionNum / 100) % 100}; pgtop needs 10 or later`,
    );
  }
  const since = sinceVersion(versionNum);
  // A lock may be waited for 300 ms; the server ends a wait some milliseconds after its time.
  await connection.run(/* sql */ `
SET search_path = pg_catalog;
SET default_transaction_read_only = on;
SET client_encoding = 'SQL_ASCII';
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET bytea_output = 'hex';
SET statement_timeout = 2000;
SET lock_timeout = 250;
SET idle_in_transaction_session_timeout = 5000;
SET max_parallel_workers_per_gather = 0;
${since(110000, 'SET jit = off;', '')}
${since(140000, 'SET idle_session_timeout = 0; SET client_connection_check_interval = 1000;', '')}
${since(170000, 'SET transaction_timeout = 0;', '')}`);
  return {versionNum};
}

async function askFirst(connection: Connection): Promise<readonly string[]> {
  try {
    const [row] = await connection.query<readonly [string, string]>(firstStatement);
    return row ?? [];
  } catch (error) {
    throw (await adminConsole(connection, error)) ?? error;
  }
}
