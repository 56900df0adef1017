import {sanitise} from '../model/sanitise.ts';
import {type Connection, openConnection} from './connection.ts';
import {type ServerAddressRow, serverAddressStatement} from './queries/server-address.ts';
import {errorCode} from './sql-state.ts';

/** What a pooler answers to a statement or a startup parameter that it does not pass on. */
const PROTOCOL_VIOLATION = '08P01';

/**
 * A connection pooler stands between pgtop and the server. Each statement may run in another session there, so that what pgtop
 * sets to keep itself from hurting the server would stay behind in other clients' sessions.
 */
export class PoolerInBetween extends Error {
  override readonly name = 'PoolerInBetween';
  /** As it calls itself; null when it does not. */
  readonly pooler: string | null;
  readonly hint: string;

  constructor(message: string, pooler: string | null, hint: string) {
    super(message);
    this.pooler = pooler;
    this.hint = hint;
  }
}

const WHY = 'A pooler hands the limits that pgtop sets for itself on to other clients.';

/** The error for a session whose pid is not the one that the server told: who answers, and where the server itself is. */
export async function poolerInBetween(connection: Connection): Promise<PoolerInBetween> {
  const isPgBouncer = await refusesOptions(connection);
  const [row] = await connection.query<ServerAddressRow>(serverAddressStatement);
  const [address, port] = row ?? [];
  const place =
    address == null
      ? "The server itself is on the pooler's machine, at its socket."
      : `The server itself is at ${address}:${port}, as the pooler reaches it: pgtop -h ${address} -p ${port} …`;
  return new PoolerInBetween(
    `${isPgBouncer ? 'PgBouncer' : 'a connection pooler'} answers here, not the server itself`,
    isPgBouncer ? 'PgBouncer' : null,
    `${WHY} ${place}`,
  );
}

/** The error for a session that does not take SQL: PgBouncer's admin console. Null when it is something else. */
export async function adminConsole(connection: Connection, error: unknown): Promise<PoolerInBetween | null> {
  if (errorCode(error) !== PROTOCOL_VIOLATION) return null;
  const [row] = await connection.query<readonly [version: string]>('SHOW VERSION');
  const pooler = sanitise(row?.[0] ?? 'PgBouncer');
  return new PoolerInBetween(
    `the database ${sanitise(connection.endpoint.database)} is the admin console of ${pooler}, not of a server`,
    pooler,
    `${WHY} Connect to the server itself; psql shows what the console knows: SHOW POOLS, SHOW SERVERS.`,
  );
}

/** PgBouncer takes no options (PGOPTIONS) but those it knows by heart, and says so before there is a session. */
async function refusesOptions({endpoint}: Connection): Promise<boolean> {
  try {
    const session = await openConnection({...endpoint, options: '-c geqo=on'});
    await session.close();
    return false;
  } catch (error) {
    return errorCode(error) === PROTOCOL_VIOLATION;
  }
}
