import type {DatabaseSize} from '../model/database-size.ts';
import {isSameServer} from '../model/same-server.ts';
import {sanitise} from '../model/sanitise.ts';
import type {ServerIdentity} from '../model/snapshot.ts';
import {type Microseconds, parseTimestamp} from '../model/timestamp.ts';
import type {Connection} from './connection.ts';
import {
  type DatabaseSizeRow,
  databaseSizeStatement,
  type ListedDatabaseRow,
  listedDatabasesStatement,
} from './queries/database-sizes.ts';
import {readServerIdentity} from './server-identity.ts';
import {prepareSession} from './session-recipe.ts';
import {errorText, isStatementFailure} from './sql-state.ts';

/** The longest that all databases together are measured; each is bounded by the session's statement_timeout. */
const LONGEST_MS = 30_000;

/** What measuring needs. */
export type Measuring = {
  /** Opens a session of its own: a slow file system must hold up neither refreshes nor signals. */
  readonly open: () => Promise<Connection>;
  /** The server whose sizes are wanted. */
  readonly server: ServerIdentity;
  /** `total` databases the server has; when they are many only the first are measured. */
  readonly onMeasured: (size: DatabaseSize, total: number) => void;
  /** Ends it: the session is given up, and the server ends its statement within the session's bounds. */
  readonly signal: AbortSignal;
};

/** Measures the databases of a server one after another. @throws what opening a session and listing the databases do, and when another server answers. */
export async function measureDatabases({open, server, onMeasured, signal}: Measuring): Promise<void> {
  const connection = await open();
  const close = () => void connection.close();
  signal.addEventListener('abort', close);
  try {
    await prepareSession(connection);
    // A name may have several addresses, and lead to the same server by another one this time.
    const {address} = server;
    if (!isSameServer({...(await readServerIdentity(connection)), address}, server))
      throw new Error('another server answered than the one on screen');
    const databases = await connection.query<ListedDatabaseRow>(listedDatabasesStatement);
    const endsAt = performance.now() + LONGEST_MS;
    for (const [oid, name, total] of databases) {
      if (signal.aborted) return;
      const isLate = performance.now() > endsAt;
      const size = isLate ? LATE : await sizeOf(connection, oid);
      onMeasured({datname: sanitise(name), ...size}, Number(total));
    }
  } finally {
    signal.removeEventListener('abort', close);
    await connection.close();
  }
}

type Size =
  | {readonly type: 'known'; readonly at: Microseconds; readonly bytes: number}
  | {readonly type: 'not-available'; readonly at: Microseconds; readonly reason: string};

const LATE: Size = {
  type: 'not-available',
  at: 0,
  reason: `all together took more than ${LONGEST_MS / 1_000} s`,
};

async function sizeOf(connection: Connection, oid: string): Promise<Size> {
  try {
    const [row] = await connection.query<DatabaseSizeRow>(databaseSizeStatement, [oid]);
    const at = parseTimestamp(row?.[0] ?? '') ?? 0;
    const bytes = row?.[1] ?? null;
    return bytes === null
      ? {type: 'not-available', at, reason: 'it is gone'}
      : {type: 'known', at, bytes: Number(bytes)};
  } catch (error) {
    if (!isStatementFailure(error)) throw error;
    return {type: 'not-available', at: 0, reason: errorText(error)};
  }
}
