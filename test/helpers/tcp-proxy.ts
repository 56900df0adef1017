import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';

/** A network between a program and a server's socket, which can be made worse. */
export type TcpProxy = {
  /** The port on 127.0.0.1 that stands for the server. */
  readonly port: number;
  /** How many connections have been opened through it. */
  opened(): number;
  /** Forwards nothing any more, on any connection, until heal(): what is sent meanwhile arrives then, as TCP sends it again. */
  freeze(): void;
  /** Forwards nothing any more on the present connections, for ever; new ones work. */
  deafen(): void;
  heal(): void;
  /** Makes everything from now on arrive so much later, in milliseconds one way, and at so many bytes a second from the server. */
  slow(delayMs: number, bytesPerSecond: number): void;
  close(): Promise<void>;
};

/** What a slow line carries at a time. */
const PACKET_BYTES = 1_024;

type Line = {delayMs: number; bytesPerSecond: number; flowing: Promise<void>; flow: () => void};

/** Opens a network to a server's socket file. */
export async function openTcpProxy(path: string): Promise<TcpProxy> {
  const line: Line = {
    delayMs: 0,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    flowing: Promise.resolve(),
    flow: () => undefined,
  };
  const sockets = new Set<Socket>();
  const deaf = new Set<Socket>();
  let opened = 0;
  const server = createServer(client => {
    opened += 1;
    const upstream = connect(path);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    carry(client, upstream, line, deaf, false);
    carry(upstream, client, line, deaf, true);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    opened: () => opened,
    freeze() {
      const {promise, resolve} = Promise.withResolvers<void>();
      line.flowing = promise;
      line.flow = resolve;
    },
    deafen: () => {
      for (const socket of sockets) deaf.add(socket);
    },
    heal: () => line.flow(),
    slow: (delayMs, bytesPerSecond) => Object.assign(line, {delayMs, bytesPerSecond}),
    async close() {
      line.flow();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Carries one direction of a connection, byte after byte in order, as the line is at the time. */
function carry(from: Socket, to: Socket, line: Line, deaf: ReadonlySet<Socket>, isThrottled: boolean): void {
  let lineFreeAt = 0;
  let latest: Promise<void> = Promise.resolve();
  const forward = (act: () => void, bytes: number) => {
    const now = performance.now();
    lineFreeAt = Math.max(now, lineFreeAt) + (isThrottled ? (bytes / line.bytesPerSecond) * 1_000 : 0);
    const waitMs = lineFreeAt - now + line.delayMs;
    latest = Promise.all([latest, waitMs > 0 ? sleep(waitMs) : undefined]).then(async () => {
      await line.flowing;
      if (!deaf.has(from)) act();
    });
  };
  from.on('data', (data: Buffer) => {
    const size = isThrottled && Number.isFinite(line.bytesPerSecond) ? PACKET_BYTES : data.length;
    for (let at = 0; at < data.length; at += size) {
      const packet = data.subarray(at, at + size);
      forward(() => to.write(packet), packet.length);
    }
  });
  from.on('end', () => forward(() => to.end(), 0));
  // Who is killed with unread bytes sends no end but a reset.
  from.on('error', () => forward(() => to.destroy(), 0));
}
