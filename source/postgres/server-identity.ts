import {sanitise} from '../model/sanitise.ts';
import type {ServerIdentity} from '../model/snapshot.ts';
import type {Connection} from './connection.ts';
import {type ServerIdentityRow, serverIdentityStatement} from './queries/server-identity.ts';
import {errorCode} from './sql-state.ts';

/** Which server a session is on. Where this role may not read the control file (42501), the start has to do. @throws what the server says otherwise */
export async function readServerIdentity(connection: Connection): Promise<ServerIdentity> {
  const ask = async (mayReadControl: boolean) => {
    const [row] = await connection.query<ServerIdentityRow>(serverIdentityStatement(mayReadControl));
    const {host, port} = connection.endpoint;
    return {
      startedAt: Number(row?.[0]),
      systemIdentifier: row?.[1] ?? null,
      address: row?.[2] ?? `${sanitise(host)}:${port}`,
    };
  };
  try {
    return await ask(true);
  } catch (error) {
    if (errorCode(error) !== '42501') throw error;
    return await ask(false);
  }
}
