import {networkInterfaces} from 'node:os';
import {dirname, join} from 'node:path';
import {type ProcessStat, readProcessStat} from '../model/process-stat.ts';
import type {Postmaster} from '../model/process-table.ts';
import {sanitise} from '../model/sanitise.ts';
import type {ServerPlace} from '../model/server-place.ts';
import {accountName} from './account-name.ts';
import {listenersAt, serverSockets, socketPath} from './listening-sockets.ts';
import {allPids, readKernelFile, readKernelLinks, readOwnedFile} from './read-kernel-file.ts';

/** The postmaster of a server, or why it is not found. `elsewhere`: the server is on another machine. */
export type PostmasterSearch =
  | {readonly type: 'found'; readonly postmaster: Postmaster}
  | {readonly type: 'elsewhere'}
  | {readonly type: 'not-found'; readonly reason: string};

/** The machine that is searched, and as whom. */
export type Surroundings = {
  readonly platform: NodeJS.Platform;
  /** Where the process table is mounted. */
  readonly proc: string;
  /** Effective user id. */
  readonly uid: number;
};

/** This machine and the user of this process. */
export function surroundings(): Surroundings {
  return {platform: process.platform, proc: '/proc', uid: process.geteuid?.() ?? -1};
}

/** Finds the one process that listens at a place and starts a process for each client: by its open files, else by the lock file beside its socket. */
export function findPostmaster(place: ServerPlace, around: Surroundings): PostmasterSearch {
  const {platform, proc} = around;
  if (!isOnThisMachine(place)) return {type: 'elsewhere'};
  if (platform !== 'linux') return notFound(`on ${platform} pgtop cannot read the process table`);
  const listeners = listenersAt(place, proc);
  if (listeners.size === 0)
    return notFound('no process of this machine listens there: the server may be in a container');
  const candidates = postmasters(proc);
  const [proven, ...more] = candidates.filter(({pid}) => isListener(pid, listeners, place, proc));
  if (proven !== undefined && more.length === 0) return found(proven, null, around);
  const sole = soleServer(place, candidates, proc);
  if (sole === null) return notFound(whyNone(listeners, around));
  return found(sole, 'it cannot be seen for certain that it is the server, no signals', around);
}

function notFound(reason: string): PostmasterSearch {
  return {type: 'not-found', reason};
}

/** Why no server is found where somebody listens: it is another program, as a pooler or a tunnel, or cannot be seen. */
function whyNone(listeners: ReadonlyMap<string, number | null>, {proc, uid}: Surroundings): string {
  const other = processes(proc).find(
    ({pid, program}) => !PROGRAM.test(program) && hasOpen(readKernelLinks(`${proc}/${pid}/fd`), listeners),
  );
  if (other !== undefined)
    return `${sanitise(other.program)} (${other.pid}) listens there, which is not PostgreSQL`;
  return uid === 0
    ? 'the system does not let pgtop see which process listens there'
    : 'only its own account or root may see which process listens there';
}

function isOnThisMachine({isSocket, address}: ServerPlace): boolean {
  if (isSocket || address === null) return isSocket;
  if (address.startsWith('127.')) return true;
  return Object.values(networkInterfaces()).some(each => each?.some(own => own.address === address));
}

/** A program of PostgreSQL, whoever packed it. */
const PROGRAM = /postgres|postmaster/;

/** The processes of PostgreSQL that were not started by another one. */
function postmasters(proc: string): readonly ProcessStat[] {
  const servers = processes(proc).filter(({program}) => PROGRAM.test(program));
  const pids = new Set(servers.map(({pid}) => pid));
  return servers.filter(({parentPid}) => !pids.has(parentPid));
}

function processes(proc: string): readonly ProcessStat[] {
  return allPids(proc).flatMap(pid => readProcessStat(readKernelFile(`${proc}/${pid}/stat`) ?? '') ?? []);
}

function hasOpen(files: readonly string[] | null, sockets: ReadonlyMap<string, number | null>): boolean {
  return files?.some(file => sockets.has(/^socket:\[(\d+)\]$/.exec(file)?.[1] ?? '')) ?? false;
}

/** Whether a process has one of these sockets open. Where its files are hidden, even from root in a container, the lock file tells; of a port only if its account listens there. */
function isListener(
  pid: number,
  listeners: ReadonlyMap<string, number | null>,
  place: ServerPlace,
  proc: string,
): boolean {
  const files = readKernelLinks(`${proc}/${pid}/fd`);
  if (files !== null && files.length > 0) return hasOpen(files, listeners);
  const uid = uidOf(pid, proc);
  if (!place.isSocket && ![...listeners.values()].includes(uid)) return false;
  const sockets = place.isSocket
    ? [socketPath(place)]
    : serverSockets(proc).filter(path => path.endsWith(`.${place.port}`));
  return sockets.some(path => lockedBy(`${path}.lock`, uid) === pid);
}

/** The process that a server's lock file names, where the server's data directory agrees; null otherwise, and for files of other accounts than its own. */
function lockedBy(lockFile: string, uid: number): number | null {
  const [pid = '', dataDirectory = ''] = readOwnedFile(lockFile, uid)?.split('\n') ?? [];
  if (!/^\d+$/.test(pid) || !dataDirectory.startsWith('/')) return null;
  const [own] = readOwnedFile(join(dataDirectory, 'postmaster.pid'), uid)?.split('\n') ?? [];
  return own === pid ? Number(pid) : null;
}

/** For those who may not look into other accounts' processes: the only server there is, which then is the one. */
function soleServer(
  place: ServerPlace,
  candidates: readonly ProcessStat[],
  proc: string,
): ProcessStat | null {
  const [only, ...others] = candidates;
  const [socket, ...more] = serverSockets(proc);
  if (only === undefined || others.length > 0 || socket === undefined || more.length > 0) return null;
  const isThere = socketPath({host: dirname(socket), port: place.port}) === socket;
  const files = readKernelLinks(`${proc}/${only.pid}/fd`) ?? [];
  return isThere && files.length === 0 ? only : null;
}

function found(
  {pid, startTicks}: ProcessStat,
  whyUncertain: string | null,
  around: Surroundings,
): PostmasterSearch {
  const {proc} = around;
  const uid = uidOf(pid, proc);
  const booted = Number(/^btime (\d+)$/m.exec(readKernelFile(`${proc}/stat`) ?? '')?.[1] ?? Number.NaN);
  if (!Number.isInteger(uid) || !Number.isInteger(booted)) return notFound('the process has just ended');
  const major = Number.parseInt(readKernelFile(`${proc}/${pid}/cwd/PG_VERSION`) ?? '', 10);
  return {
    type: 'found',
    postmaster: {
      pid,
      startTicks,
      uid,
      major: Number.isInteger(major) ? major : null,
      bootedAt: booted * 1_000_000,
      whyNoSignal: whyNotAllowed(uid, around.uid) ?? whyUncertain,
    },
  };
}

/** The account a process runs as; NaN when it has ended. */
function uidOf(pid: number, proc: string): number {
  return Number(/^Uid:\t(\d+)/m.exec(readKernelFile(`${proc}/${pid}/status`) ?? '')?.[1] ?? Number.NaN);
}

/** The kernel's rule for signals: the same account, or root. */
function whyNotAllowed(owner: number, own: number): string | null {
  if (own === 0 || own === owner) return null;
  const name = accountName(owner) ?? `uid ${owner}`;
  return `only ${name} or root may send signals here`;
}
