import {processSnapshot} from '../../source/model/process-snapshot.ts';
import type {Postmaster, ProcessTable, ServerProcess} from '../../source/model/process-table.ts';
import type {ServerPlace} from '../../source/model/server-place.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {NOW, SECOND} from './snapshots.ts';

export const POSTMASTER: Postmaster = {
  pid: 4700,
  startTicks: 10_000,
  uid: 101,
  major: 18,
  bootedAt: NOW - 3600 * SECOND,
  whyNoSignal: null,
};

/** A place where a server was asked for a session: its socket in /run/postgresql, with what a test says about it instead. */
export function place(differences: Partial<ServerPlace> = {}): ServerPlace {
  return {
    host: '/run/postgresql',
    address: null,
    isSocket: true,
    port: 5432,
    user: 'monitor',
    database: 'shop',
    ...differences,
  };
}

/** A process of this title that the postmaster started ten minutes before the reading. */
export function serverProcess(
  pid: number,
  title: string,
  differences: Partial<ServerProcess> = {},
): ServerProcess {
  return {
    pid,
    program: 'postgres',
    state: 'S',
    parentPid: POSTMASTER.pid,
    cpuTicks: 0,
    startTicks: 300_000,
    title,
    memoryBytes: 2 * 1024 * 1024,
    cpuShare: 0.125,
    ...differences,
  };
}

/** The processes of a full server at the reading, with what a test says about the postmaster instead. */
export function processTable(
  processes: readonly ServerProcess[],
  postmaster: Partial<Postmaster> = {},
): ProcessTable {
  return {readAt: NOW, postmaster: {...POSTMASTER, ...postmaster}, processes};
}

/** The snapshot of such processes. */
export function processesSnapshot(
  processes: readonly ServerProcess[],
  postmaster: Partial<Postmaster> = {},
): Snapshot {
  return processSnapshot(processTable(processes, postmaster), place(), null);
}

/** A full server: 11 is busy, 12 waits for a lock, 13 forgot its transaction, 14 is idle, 15 has a name with a space. */
export const FULL = [
  serverProcess(9, 'postgres: checkpointer'),
  serverProcess(11, 'postgres: web shop 10.0.0.7(50123) SELECT'),
  serverProcess(12, 'postgres: web shop [local] UPDATE waiting'),
  serverProcess(13, 'postgres: batch shop [local] idle in transaction'),
  serverProcess(14, 'postgres: web shop [local] idle'),
  serverProcess(15, 'postgres: my user shop [local] idle'),
];
