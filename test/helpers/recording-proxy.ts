import {once} from 'node:events';
import {chmodSync, mkdtempSync, rmSync} from 'node:fs';
import {connect, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Cluster} from './cluster.ts';

/** A socket that leads to a server and keeps what its clients send there. */
export type RecordingProxy = {
  /** Stands in for the server's own. */
  readonly socketFolder: string;
  /** Everything that clients have sent so far, as the bytes that were on the wire. */
  sent(): string;
  close(): void;
};

/** Opens a proxy in front of a server, on a Unix-domain socket of its own. */
export async function openRecordingProxy({socketFolder, port}: Cluster): Promise<RecordingProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'pgtop-wire-'));
  chmodSync(folder, 0o755);
  const name = `.s.PGSQL.${port}`;
  const sockets = new Set<Socket>();
  let sent = '';
  const proxy = createServer(client => {
    const server = connect(join(socketFolder, name));
    for (const socket of [client, server]) {
      sockets.add(socket);
      // One side that goes takes the other with it.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', bytes => {
      sent += bytes.toString('latin1');
    });
    client.pipe(server).pipe(client);
  });
  proxy.listen(join(folder, name));
  await once(proxy, 'listening');
  return {
    socketFolder: folder,
    sent: () => sent,
    close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
