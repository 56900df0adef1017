import {once} from 'node:events';
import {createServer, type Server, type Socket} from 'node:net';
import {createSecureContext, TLSSocket} from 'node:tls';
import {int16, int32} from '../../helpers/wire-numbers.ts';

/** What a client told a server, in the order in which it came. */
export type Heard = {
  readonly server: string;
  readonly isTls: boolean;
  /** The parameters of the startup message. */
  readonly startup: Readonly<Record<string, string>>;
  password: string | null;
  /** The server has let it in. */
  isIn: boolean;
};

/** What kind of server to play. */
export type FakeServer = {
  readonly name: string;
  /** A path of a socket, or an address; the port is of the system's choice unless it is told. */
  readonly at: {readonly path: string} | {readonly host: string; readonly port?: number | undefined};
  /** Certificate and key as PEM; without them the server has no TLS. */
  readonly tls?: {readonly cert: string; readonly key: string};
  /** The kind of connection that pg_hba.conf refuses. */
  readonly refuses?: 'tls' | 'plaintext';
  readonly asksPassword?: boolean;
  readonly inRecovery?: boolean;
  readonly readOnly?: boolean;
  /** Like PgBouncer, which does not pass them on. */
  readonly refusesOptions?: boolean;
  /** An error at the end of the startup instead of a session. */
  readonly error?: string;
  /** The pid that it tells; a pooler's is not the one that pg_backend_pid() gives. */
  readonly processId?: number;
  /** The row that every query gets, when it is not about the kind of session. */
  readonly answer?: (
    query: string,
  ) => readonly (string | null)[] | {readonly code: string; readonly message: string};
};

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;

/** Starts a server that speaks just enough of the protocol to be connected to and to note what it hears. */
export async function startFakeServer(
  role: FakeServer,
  heard: Heard[],
): Promise<{readonly port: number; stop(): void}> {
  const sockets = new Set<Socket>();
  const server: Server = createServer(socket => {
    sockets.add(socket);
    // Many small messages one after another would each wait for the other side's delayed acknowledgement.
    socket.setNoDelay();
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    serve(socket, role, heard);
  });
  server.listen('path' in role.at ? {path: role.at.path} : {host: role.at.host, port: role.at.port ?? 0});
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 5432,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function serve(socket: Socket, role: FakeServer, heard: Heard[]): void {
  const onData = (bytes: Buffer) => {
    const code = bytes.readInt32BE(4);
    if (code === GSS_REQUEST || (code === SSL_REQUEST && role.tls === undefined)) {
      socket.write('N');
      return;
    }
    socket.off('data', onData);
    if (code !== SSL_REQUEST) {
      startSession({socket, role}, false, bytes, heard);
      return;
    }
    socket.write('S');
    const secure = new TLSSocket(socket, {isServer: true, secureContext: createSecureContext(role.tls)});
    secure.on('error', () => socket.destroy());
    secure.once('data', startup => startSession({socket: secure, role}, true, startup, heard));
  };
  socket.on('data', onData);
}

/** One session. Each of its messages is expected in a piece, which on one machine it comes in. */
type Session = {readonly socket: Socket; readonly role: FakeServer};

function startSession(session: Session, isTls: boolean, startupMessage: Buffer, heard: Heard[]): void {
  const {socket, role} = session;
  const words = startupMessage.subarray(8).toString().split('\0');
  const startup: Record<string, string> = {};
  for (let index = 0; words[index]; index += 2) startup[words[index] ?? ''] = words[index + 1] ?? '';
  const entry: Heard = {server: role.name, isTls, startup, password: null, isIn: false};
  heard.push(entry);
  const refusal = refusalOf(role, isTls, startup);
  if (refusal !== null) {
    fail(socket, ...refusal);
    return;
  }
  if (role.asksPassword !== true) {
    letIn(session, entry);
    return;
  }
  send(socket, 'R', int32(3));
  socket.once('data', answer => {
    entry.password = answer.subarray(5, -1).toString();
    letIn(session, entry);
  });
}

/** Why a session does not even begin; null when it does. */
function refusalOf(
  {refuses, refusesOptions}: FakeServer,
  isTls: boolean,
  startup: Heard['startup'],
): readonly [code: string, message: string] | null {
  if (refusesOptions === true && startup.options !== undefined)
    return ['08P01', 'unsupported startup parameter: options'];
  return refuses === (isTls ? 'tls' : 'plaintext') ? ['28000', 'no pg_hba.conf entry for this host'] : null;
}

function letIn({socket, role}: Session, entry: Heard): void {
  const {error, inRecovery = false, readOnly = false, processId = 4711} = role;
  if (error !== undefined) {
    fail(socket, error, 'said by the fake server');
    return;
  }
  entry.isIn = true;
  const status = {
    server_version: '15.0',
    client_encoding: 'UTF8',
    standard_conforming_strings: 'on',
    in_hot_standby: inRecovery ? 'on' : 'off',
    default_transaction_read_only: readOnly ? 'on' : 'off',
  };
  send(socket, 'R', int32(0));
  for (const [name, value] of Object.entries(status)) send(socket, 'S', text(name), text(value));
  send(socket, 'K', int32(processId), int32(1));
  send(socket, 'Z', READY);
  socket.on('data', message => {
    const kind = String.fromCharCode(message[0] ?? 0);
    if (kind === 'X') socket.end();
    if (kind === 'Q') answerQuery(socket, role, message.subarray(5, -1).toString());
  });
}

function answerQuery(socket: Socket, role: FakeServer, query: string): void {
  const {inRecovery = false, readOnly = false} = role;
  const given = role.answer?.(query) ?? [inRecovery ? 't' : 'f', inRecovery || readOnly ? 'on' : 'off'];
  if ('code' in given) send(socket, 'E', ...errorFields('ERROR', given.code, given.message));
  else sendRow(socket, given);
  send(socket, 'Z', READY);
}

function sendRow(socket: Socket, row: readonly (string | null)[]): void {
  const columns = row.map((_, index) =>
    Buffer.concat([text(`c${index}`), Buffer.alloc(6), int32(25), TEXT_FORMAT]),
  );
  const values = row.map(value =>
    value === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]),
  );
  send(socket, 'T', int16(row.length), ...columns);
  send(socket, 'D', int16(row.length), ...values);
  send(socket, 'C', text('SELECT 1'));
}

const READY = Buffer.from('I');
/** Length and modifier of a column's type, both "any", and its format, text. */
const TEXT_FORMAT = Buffer.from([255, 255, 0, 0, 0, 0, 0, 0]);

function fail(socket: Socket, code: string, message: string): void {
  send(socket, 'E', ...errorFields('FATAL', code, message));
  socket.end();
}

function errorFields(severity: string, code: string, message: string): readonly Buffer[] {
  return [text(`S${severity}`), text(`V${severity}`), text(`C${code}`), text(`M${message}`), Buffer.of(0)];
}

function send(socket: Socket, kind: string, ...parts: readonly Buffer[]): void {
  const body = Buffer.concat(parts);
  socket.write(Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]));
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}
