import {type SessionIdentity, sessionKey} from '../model/backend.ts';
import {maskPasswords} from '../model/mask-passwords.ts';
import {sanitiseLines} from '../model/sanitise.ts';
import type {SessionDetail} from '../model/session-detail.ts';
import {decodeEscaped} from './decode-text.ts';
import type {PreparedSession} from './poller.ts';
import {type SessionLockRow, sessionLocksStatement} from './queries/locks.ts';
import {type SessionDetailRow, sessionDetailStatement} from './queries/session-detail.ts';
import {readLock} from './read-lock.ts';
import {sinceVersion} from './sql-version.ts';

const QUERY_BYTES = 200_000;
const LOCKS = 50;

/** Whole query and locks of one session; `workers` are the pids of its parallel workers. Null when the session is gone. @throws what the server says. */
export async function readSessionDetail(
  {connection, capabilities, names}: PreparedSession,
  identity: SessionIdentity,
  workers: readonly number[],
): Promise<SessionDetail | null> {
  const {pid, backendStart} = identity;
  const [row] = await connection.query<SessionDetailRow>(sessionDetailStatement, [
    pid,
    backendStart,
    QUERY_BYTES,
  ]);
  if (row === undefined) return null;
  const [datid, query] = row;
  const encoding = names.encodingOf(Number(datid ?? 0));
  const statement = sessionLocksStatement(sinceVersion(capabilities.server.versionNum));
  const rows = await connection.query<SessionLockRow>(statement, [[pid, ...workers], LOCKS]);
  const locks = rows.map(readLock);
  const here = locks.filter(lock => lock.database === capabilities.databaseOid);
  names.wantRelations(here.flatMap(lock => lock.relation ?? []));
  return {
    key: sessionKey(identity),
    query: sanitiseLines(maskPasswords(decodeEscaped(query ?? '', encoding))),
    locks,
    lockCount: Number(rows[0]?.[15] ?? 0),
    relationNames: new Map(
      here.flatMap(({database, relation}) => {
        const name = relation === null ? null : names.relationName(relation);
        return name === null ? [] : [[`${database}/${relation}`, name] as const];
      }),
    ),
  };
}
