import {once} from 'node:events';
import {createServer, type Socket} from 'node:net';
import {startThrowAwayServer, type ThrowAwayServer} from '../../source/demo/throw-away-server.ts';
import {missingReason} from './servers.ts';
import {makeTemplates, templateProgramsOf} from './template-programs.ts';

/**
 * Vitest's globalSetup: the servers that the files of one run share, each started when a file first asks for its
 * major (sharedCluster does). They belong to the main process and go with it, however it ends.
 */
export async function setup(): Promise<() => Promise<void>> {
  const removeTemplates = makeTemplates();
  const servers = new Map<number, Promise<ThrowAwayServer>>();
  const serverOf = (major: number) => {
    const server = servers.get(major) ?? start(major);
    servers.set(major, server);
    return server;
  };
  const broker = createServer(socket => {
    // A test file that was killed while it waited for its answer.
    socket.on('error', () => socket.destroy());
    socket.once('data', asked => void answer(socket, serverOf(Number(asked.toString()))));
  });
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  const address = broker.address();
  process.env.PGTOP_TEST_BROKER_PORT = String(
    address !== null && typeof address === 'object' ? address.port : 0,
  );
  return async () => {
    broker.close();
    await Promise.all([...servers.values()].map(async server => (await server.catch(() => null))?.stop()));
    removeTemplates();
  };
}

async function start(major: number): Promise<ThrowAwayServer> {
  const programs = templateProgramsOf(major);
  if (programs === null) throw new Error(missingReason(major));
  return startThrowAwayServer({programs, settings: {autovacuum: false}});
}

/** The server as JSON, without its functions; why there is none otherwise. */
async function answer(socket: Socket, server: Promise<ThrowAwayServer>): Promise<void> {
  socket.end(JSON.stringify(await server.catch((error: unknown) => ({error: String(error)}))));
}
