import {type SessionIdentity, sessionKey} from '../model/backend.ts';
import {maskPasswords} from '../model/mask-passwords.ts';
import {sanitiseLines} from '../model/sanitise.ts';
import type {SessionDetail} from '../model/session-detail.ts';
import {readBackendIo} from './backend-io.ts';
import {decodeEscaped} from './decode-text.ts';
import type {PreparedSession} from './prepare-monitoring.ts';
import {type SessionLockRow, sessionLocksStatement} from './queries/locks.ts';
import {type SessionDetailRow, sessionDetailStatement} from './queries/session-detail.ts';
import {readLock} from './read-lock.ts';
import {relationNames} from './relation-names.ts';
import {sinceVersion} from './sql-version.ts';

const QUERY_BYTES = 200_000;
const LOCKS = 50;

/** The whole text of a session's running or latest query, with its line breaks, sanitised and masked. Null when the session is gone. @throws what the server says. */
export async function readWholeQuery(
  {connection, names}: PreparedSession,
  {pid, backendStart}: SessionIdentity,
): Promise<string | null> {
  const [row] = await connection.query<SessionDetailRow>(sessionDetailStatement, [
    pid,
    backendStart,
    QUERY_BYTES,
  ]);
  if (row === undefined) return null;
  const [datid, query] = row;
  return sanitiseLines(maskPasswords(decodeEscaped(query ?? '', names.encodingOf(Number(datid ?? 0)))));
}

/** Whole query and locks of one session; `workers` are the pids of its parallel workers. Null when the session is gone. @throws what the server says. */
export async function readSessionDetail(
  session: PreparedSession,
  identity: SessionIdentity,
  workers: readonly number[],
): Promise<SessionDetail | null> {
  const query = await readWholeQuery(session, identity);
  if (query === null) return null;
  const {connection, capabilities, names} = session;
  const statement = sessionLocksStatement(sinceVersion(capabilities.server.versionNum));
  const rows = await connection.query<SessionLockRow>(statement, [[identity.pid, ...workers], LOCKS]);
  const locks = rows.map(readLock);
  return {
    key: sessionKey(identity),
    query,
    io: await readBackendIo(session, identity.pid),
    locks,
    lockCount: Number(rows[0]?.[15] ?? 0),
    relationNames: new Map(relationNames(locks, capabilities.databaseOid, names)),
  };
}
