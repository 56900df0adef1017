import type {Duplex} from 'node:stream';
import type {TLSSocket} from 'node:tls';
import {Client, type ClientConfig} from 'pg';
import type {Encryption} from '../model/snapshot.ts';
import type {Endpoint} from './connection.ts';
import {readRowsWhenAsked} from './row-message.ts';
import {PasswordRequired} from './sql-state.ts';

/** Far above what servers are set to; the driver's own limit is below what some are. */
const MOST_SCRAM_ITERATIONS = 5_000_000;

/** The driver's client for an endpoint, not connected yet. `checkRequest` is called before a password is handed out. */
export function clientFor(endpoint: Endpoint, checkRequest: () => void): Client {
  const {host, address, port, user, database, password, applicationName, options, tls, authentication} =
    endpoint;
  const config: ClientConfig & DriverOptions = {
    host: address ?? host,
    port,
    user,
    database,
    // A function keeps the driver from looking for a password of its own, and from warning on the screen about the file's rights.
    password: () => {
      checkRequest();
      if (password === undefined) throw new PasswordRequired(`${host} asks for a password`);
      return password;
    },
    application_name: applicationName,
    ...(options === undefined ? {} : {options}),
    ssl: host.startsWith('/') || tls === false ? false : {...tls.options},
    sslnegotiation: tls !== false && tls.isDirect ? 'direct' : 'postgres',
    enableChannelBinding: tls !== false && authentication?.channelBinding !== 'disable',
    scramMaxIterations: MOST_SCRAM_ITERATIONS,
    keepAlive: endpoint.keepAliveIdleMs !== null,
    keepAliveInitialDelayMillis: endpoint.keepAliveIdleMs ?? 0,
  };
  const client = new Client(config);
  readRowsWhenAsked(client);
  return client;
}

/** What the driver takes and its types do not know. */
type DriverOptions = {
  readonly sslnegotiation: 'direct' | 'postgres';
  readonly enableChannelBinding: boolean;
  readonly scramMaxIterations: number;
};

/** The socket of a client, which the driver keeps to itself; a dead link can be given up by it only. */
export function socketOf(client: Client): Duplex | undefined {
  return (client as unknown as {connection?: {stream?: Duplex}}).connection?.stream;
}

/** The socket of a client, if it has TLS. To ask by the class would load all of TLS for a connection without. */
function tlsSocketOf(client: Client): TLSSocket | null {
  const socket = socketOf(client);
  return socket !== undefined && 'encrypted' in socket ? (socket as TLSSocket) : null;
}

/** What protects a session that stands. */
export function encryptionOf(client: Client, {host, tls}: Endpoint): Encryption {
  if (host.startsWith('/')) return {type: 'socket'};
  const socket = tlsSocketOf(client);
  if (socket === null) return {type: 'plaintext'};
  const version = (socket.getProtocol() ?? '').replace(/^TLSv/, 'TLS ');
  return {type: 'tls', version, isVerified: tls !== false && tls.isVerified};
}

/** With TLS from the first byte the two sides have to agree that it is PostgreSQL that they speak. @throws when another service may have answered */
export function checkProtocol(client: Client): void {
  if (tlsSocketOf(client)?.alpnProtocol === 'postgresql') return;
  throw new Error('the server took a direct TLS connection and did not say that it speaks PostgreSQL');
}

/** The backend's pid as the server told it. */
export function processIdOf(client: Client): number {
  return (client as unknown as {processID: number}).processID;
}
