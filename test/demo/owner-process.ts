import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

/** A separate process that owns a throw-away server. */
export type OwnerProcess = {
  readonly child: ChildProcess;
  readonly socketFolder: string;
  readonly version: string;
  /** The pid of the postmaster. */
  readonly postmaster: number;
};

type OwnerOptions = {
  readonly uid?: number;
  readonly gid?: number;
  /** The temporary folder it is to use. */
  readonly temporary?: string;
};

/** Starts hold-server.ts on the programs, as the leader of a process group of its own. */
export function spawnOwner(programs: string, {temporary, ...account}: OwnerOptions = {}) {
  return spawn(process.execPath, [new URL('hold-server.ts', import.meta.url).pathname, programs], {
    ...account,
    cwd: '/',
    detached: true,
    env: {...process.env, ...(temporary === undefined ? {} : {TMPDIR: temporary})},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** An owner whose server is up. @throws with what it printed, when it ends before that. */
export async function startOwner(programs: string, options: OwnerOptions = {}): Promise<OwnerProcess> {
  const child = spawnOwner(programs, options);
  const complaints: string[] = [];
  child.stderr.on('data', chunk => complaints.push(String(chunk)));
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(String),
    once(child, 'exit').then(() => Promise.reject(new Error(complaints.join('')))),
  ]);
  const {socketFolder, version}: {socketFolder: string; version: string} = JSON.parse(line);
  return {child, socketFolder, version, postmaster: postmasterOf(socketFolder)};
}

/** The postmaster's pid, from the data folder. */
export function postmasterOf(socketFolder: string): number {
  return Number.parseInt(readFileSync(join(socketFolder, 'data', 'postmaster.pid'), 'utf8'), 10);
}

/** True while a process does something: not when it is gone, and not when it only waits to be buried. */
export function isRunning(pid: number): boolean {
  return statOf(pid)[0] !== 'Z';
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** The session of a process: what a terminal's Ctrl-C, Ctrl-Z and hang-up reach. */
export function sessionOf(pid: number): number {
  return Number(statOf(pid)[3]);
}

/** The running processes with this text among their arguments. */
export function processesNaming(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && readOrNothing(`/proc/${name}/cmdline`).includes(text))
    .map(Number);
}

/** The fields of /proc/PID/stat behind the name of the program: state, parent, process group, session. */
function statOf(pid: number): readonly string[] {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  return stat === '' ? ['Z'] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Processes and their files come and go while one reads. */
function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

const readOrNothing = (path: string) => orNothing(() => readFileSync(path, 'utf8'));
const linkOrNothing = (path: string) => orNothing(() => readlinkSync(path));

/** How many of a process's sockets listen for TCP, of either family. */
export function listeningTcpSockets(pid: number): number {
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(path =>
      readFileSync(path, 'utf8')
        .split('\n')
        .map(line => line.trim().split(/\s+/))
        // The fourth field is the state, and 0A is LISTEN; the tenth is the inode.
        .flatMap(fields => (fields[3] === '0A' ? [`socket:[${fields[9]}]`] : [])),
    ),
  );
  return readdirSync(`/proc/${pid}/fd`).filter(name => inodes.has(linkOrNothing(`/proc/${pid}/fd/${name}`)))
    .length;
}
