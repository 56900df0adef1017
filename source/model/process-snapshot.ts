import {type Backend, sessionKey} from './backend.ts';
import {NO_METERS} from './meter-reading.ts';
import type {ProcessFigures, ProcessReading} from './process-figures.ts';
import {type ProcessTable, type ServerProcess, startOf} from './process-table.ts';
import {clusterPrefix, readProcessTitle} from './process-title.ts';
import type {ServerPlace} from './server-place.ts';
import {type Reading, type Server, type Snapshot, snapshotOf} from './snapshot.ts';

/**
 * A server's processes as sessions: what the titles tell, ages and memory from the operating system, nothing of queries and locks.
 * `known` is what a session told of the server before.
 */
export function processSnapshot(table: ProcessTable, place: ServerPlace, known: Server | null): Snapshot {
  const prefix = clusterPrefix(table.processes.map(({title}) => title));
  const backends = table.processes.map(process => backendOf(process, prefix, table));
  return snapshotOf(readingOf(table, backends, serverOf(table, backends, place, known)));
}

function backendOf(process: ServerProcess, prefix: string, {postmaster}: ProcessTable): Backend {
  const {backendType, usename, datname, clientAddr, clientPort, state, command, isWaiting, leaderPid} =
    readProcessTitle(process.title, prefix);
  // Names that cannot be told apart are still there to be read.
  const isUntold = backendType === 'client backend' && usename === null;
  const {pid} = process;
  const backendStart = startOf(process, postmaster);
  return {
    key: sessionKey({pid, backendStart}),
    pid,
    backendStart,
    datid: null,
    datname,
    usesysid: null,
    usename,
    applicationName: '',
    clientAddr,
    clientHostname: null,
    clientPort,
    backendType,
    leaderPid,
    state,
    waitEventType: isWaiting ? 'Lock' : null,
    waitEvent: null,
    xactStart: null,
    queryStart: null,
    stateChange: null,
    backendXid: null,
    backendXmin: null,
    queryId: null,
    query: isUntold ? process.title : (command ?? ''),
    tls: null,
  };
}

function serverOf(
  {postmaster}: ProcessTable,
  backends: readonly Backend[],
  {host, port, user, database}: ServerPlace,
  known: Server | null,
): Server {
  const {major} = postmaster;
  return {
    version: known?.version ?? String(major ?? ''),
    versionNum: known?.versionNum ?? (major ?? 0) * 10_000,
    host,
    port,
    user,
    database,
    // A primary's startup process ends with the recovery.
    inRecovery: backends.some(({backendType}) => backendType === 'startup'),
    maxConnections:
      known?.maxConnections ?? backends.filter(({backendType}) => backendType === 'client backend').length,
    encryption: {type: 'socket'},
    identity: {
      systemIdentifier: null,
      startedAt: startOf(postmaster, postmaster),
      address: `${host}:${port}`,
    },
  };
}

function readingOf(processTable: ProcessTable, backends: readonly Backend[], server: Server): Reading {
  return {
    collectedAt: processTable.readAt,
    server,
    backends,
    locks: [],
    blockingPids: [],
    firstSeen: [],
    preparedXacts: [],
    relationNames: [],
    progress: [],
    meters: NO_METERS,
    lockedCatalogs: [],
    rights: {isSuperuser: false, roles: []},
    virtualTransactions: null,
    isPartlyHidden: false,
    failures: [],
    processTable,
    own: {pid: 0, backendStart: null},
    processes: figuresOf(processTable),
  };
}

function figuresOf({processes}: ProcessTable): ProcessReading {
  const figures = processes.map(({pid, cpuShare, memoryBytes}): readonly [number, ProcessFigures] => [
    pid,
    {cpuShare, memoryBytes: memoryBytes ?? undefined, readPerSecond: undefined, writePerSecond: undefined},
  ]);
  return {source: 'host', figures, whyNot: null, whyNotIo: null};
}
