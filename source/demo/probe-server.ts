import {connect} from 'node:net';
import {errorCodeOf} from './error-code.ts';

const PROBE_MS = 1_000;
const PROTOCOL_3 = 196_608;
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);

/** True unless it is certain that nothing listens at this Unix-domain socket. */
export async function isListening(socketPath: string): Promise<boolean> {
  try {
    await exchange(socketPath, null);
    return true;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR', 'ECONNREFUSED'].includes(errorCodeOf(error) ?? '');
  }
}

/** True when the server takes a session of this role in this database: it answers a startup message with ReadyForQuery. */
export async function isReady(socketPath: string, user: string, database: string): Promise<boolean> {
  try {
    const answer = await exchange(socketPath, startupMessage(user, database));
    return messageTypes(answer).at(-1) === 'Z';
  } catch (error) {
    if (NOT_YET.has(errorCodeOf(error))) return false;
    throw error;
  }
}

const NOT_YET: ReadonlySet<string | null> = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'EAGAIN',
]);

/** Sends one message, if there is one, and collects what comes back up to ReadyForQuery or the end. */
function exchange(socketPath: string, message: Buffer | null): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({path: socketPath});
    const finish = () => {
      socket.write(TERMINATE);
      socket.destroySoon();
      resolve(Buffer.concat(chunks));
    };
    socket.setTimeout(PROBE_MS, () => socket.destroy());
    socket.on('connect', () => (message === null ? finish() : socket.write(message)));
    socket.on('data', chunk => {
      chunks.push(chunk);
      if (messageTypes(Buffer.concat(chunks)).at(-1) === 'Z') finish();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}

/** StartupMessage: its own length, the protocol, and names and values that each end with a zero byte. */
function startupMessage(user: string, database: string): Buffer {
  const body = Buffer.from(`${['user', user, 'database', database].join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + body.length, 0);
  head.writeInt32BE(PROTOCOL_3, 4);
  return Buffer.concat([head, body]);
}

/** The types of the complete messages: a letter, then the length of what follows, itself included. */
function messageTypes(bytes: Buffer): readonly string[] {
  const types: string[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if (end > bytes.length || end <= at) break;
    types.push(String.fromCharCode(bytes[at] ?? 0));
    at = end;
  }
  return types;
}
