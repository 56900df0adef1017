import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {getBinaries} from '../demo/get-binaries.ts';
import {type Incident, stageIncident} from '../demo/incident.ts';
import {thisMachine} from '../demo/machine.ts';
import {startThrowAwayServer, type ThrowAwayServer} from '../demo/throw-away-server.ts';
import type {KeepCode} from '../host/code-file.ts';
import {openConnection} from '../postgres/connection.ts';
import {openPlainSession} from '../postgres/plain-session.ts';
import {monitorChoices, requireTerminal, watch} from './monitor.ts';
import type {Arguments} from './parse-arguments.ts';

/** How long a server that nobody wants any more may take to start and stop; after that its supervisor takes it down with this process. */
const LONGEST_START_MS = 3_000;

/** How much later than its children a process may learn of a signal that all of them got. */
const SIGNAL_TOLD_MS = 50;

/** The live monitor on a throw-away server with a staged incident: `pgtop demo`. Resolves with the exit code, the server gone. @throws UsageError, DemoError */
export async function demo(
  parsed: Arguments,
  warn: (line: string) => void,
  keepCode: KeepCode,
): Promise<number> {
  const choices = monitorChoices(parsed);
  requireTerminal();
  const machine = thisMachine(fileURLToPath(import.meta.url));
  const download = parsed.switches.has('download');
  if (download) warn('looking for PostgreSQL, and fetching it from npm if there is none …');
  const ending = endingSignal();
  const binaries = await Promise.race([ending.code, beforeFailing(getBinaries(machine, {download}))]);
  if (typeof binaries === 'number') return binaries;
  const {folder} = binaries;
  const starting = startThrowAwayServer({programs: folder, settings: {autovacuum: true}});
  starting.catch(() => undefined);
  const started = await Promise.race([starting, ending.code]);
  if (typeof started === 'number') {
    await Promise.race([
      starting.then(server => server.stop()).catch(() => undefined),
      sleep(LONGEST_START_MS),
    ]);
    return started;
  }
  const server = started;
  try {
    const incident = await Promise.race([stage(server), ending.code]);
    ending.stopListening();
    if (typeof incident === 'number') return incident;
    const endpoint = endpointOf(server, incident.database);
    const place = {...endpoint, address: null, isSocket: true};
    const code = await watch({open: () => openConnection(endpoint), place: () => place}, choices, keepCode);
    incident.stop();
    return code;
  } finally {
    await server.stop();
  }
}

/** Ctrl-C reaches the programs that are asked for their version too: what they then say comes after the signal itself is told. */
async function beforeFailing<Found>(found: Promise<Found>): Promise<Found> {
  try {
    return await found;
  } catch (error) {
    await sleep(SIGNAL_TOLD_MS);
    throw error;
  }
}

function stage({socketFolder, port, user: superuser}: ThrowAwayServer): Promise<Incident> {
  return stageIncident(
    (applicationName, user, database) =>
      openPlainSession({socketFolder, port, applicationName, user, database}),
    superuser,
  );
}

function endpointOf(server: ThrowAwayServer, database: string) {
  return {
    host: server.socketFolder,
    port: server.port,
    user: server.user,
    database,
    password: undefined,
    applicationName: 'pgtop',
    options: undefined,
    connectTimeoutMs: 5_000,
    keepAliveIdleMs: null,
    tls: false,
  } as const;
}

/** The exit code of the signal that ends the demo before the monitor has the terminal and its signals. */
function endingSignal(): {readonly code: Promise<number>; readonly stopListening: () => void} {
  const {promise, resolve} = Promise.withResolvers<number>();
  const onInterrupt = () => resolve(130);
  const onTerminate = () => resolve(143);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    code: promise,
    stopListening: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}
