import type {SessionIdentity} from '../model/backend.ts';
import {sanitise} from '../model/sanitise.ts';
import type {Server} from '../model/snapshot.ts';
import {parseTimestamp} from '../model/timestamp.ts';
import type {Connection} from './connection.ts';
import {type ProbeRow, probeStatement} from './queries/probe.ts';
import {readServerIdentity} from './server-identity.ts';

/** What this server is, and what the role of the session may see on it. */
export type Capabilities = {
  readonly server: Server;
  /** The session's own backend. */
  readonly own: SessionIdentity;
  /** Oid of the connected database: only its relations can be named. */
  readonly databaseOid: number;
  readonly isSuperuser: boolean;
  /** True when the details of other roles' sessions are visible: superuser, pg_monitor, pg_read_all_stats. */
  readonly readsAllStats: boolean;
};

/** Asks the server what it is. @throws when the server does not answer like one. */
export async function probe(connection: Connection): Promise<Capabilities> {
  const [row] = await connection.query<ProbeRow>(probeStatement);
  if (row === undefined) throw new Error('the server did not answer the first question');
  const [
    pid,
    version,
    versionNum,
    inRecovery,
    maxConnections,
    user,
    database,
    oid,
    isSuperuser,
    readsAllStats,
    backendStart,
  ] = row;
  return {
    server: {
      version: sanitise(version),
      versionNum: Number(versionNum),
      host: sanitise(connection.endpoint.host),
      port: connection.endpoint.port,
      user: sanitise(user),
      database: sanitise(database),
      inRecovery: inRecovery === 't',
      maxConnections: Number(maxConnections),
      encryption: connection.encryption,
      identity: await readServerIdentity(connection),
    },
    own: {pid: Number(pid), backendStart: parseTimestamp(backendStart ?? '')},
    databaseOid: Number(oid),
    isSuperuser: isSuperuser === 'on',
    readsAllStats: readsAllStats === 't' || isSuperuser === 'on',
  };
}
