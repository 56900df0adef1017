import type {BackendIo} from '../model/backend-io.ts';
import type {Connection} from './connection.ts';
import type {PreparedSession} from './prepare-monitoring.ts';
import {type BackendIoRow, backendIoStatement} from './queries/backend-io.ts';
import {errorCode} from './sql-state.ts';

/** Sessions whose server refused the question; it is not asked again. */
const REFUSED = new WeakSet<Connection>();

/** What a backend has read and written; null before PostgreSQL 18, for a backend that has none, and where the server refuses to tell (42501). @throws what the server says otherwise */
export async function readBackendIo(
  {connection, capabilities}: PreparedSession,
  pid: number,
): Promise<BackendIo | null> {
  if (capabilities.server.versionNum < 180_000 || REFUSED.has(connection)) return null;
  try {
    const [row] = await connection.query<BackendIoRow>(backendIoStatement, [pid]);
    if (row === undefined || row[0] === null) return null;
    const [readBytes, reads, writeBytes, writes, extendBytes, hits] = row.map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return {readBytes, reads, writeBytes, writes, extendBytes, hits};
  } catch (error) {
    if (errorCode(error) !== '42501') throw error;
    REFUSED.add(connection);
    return null;
  }
}
