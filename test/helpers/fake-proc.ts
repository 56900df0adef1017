import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';

/** A process of a made-up machine. */
export type FakeProcess = {
  readonly pid: number;
  readonly parentPid: number;
  /** Default `postgres`. */
  readonly program?: string;
  /** Default 101. */
  readonly uid?: number;
  /** Default 500. */
  readonly startTicks?: number;
  /** Default S. */
  readonly state?: string;
  readonly title?: string;
  /** Inodes of its sockets; hidden when not given, as those of other accounts are. */
  readonly sockets?: readonly number[];
  /** The version in its working directory. */
  readonly version?: string;
};

/** What listens on a made-up machine: paths of sockets, and `address:port` in the kernel's notation, each with its inode; ports with their account, default 101. */
export type FakeListeners = {
  readonly unix?: readonly (readonly [path: string, inode: number])[];
  readonly tcp?: readonly (readonly [address: string, inode: number, uid?: number])[];
  readonly tcp6?: readonly (readonly [address: string, inode: number, uid?: number])[];
};

/** A folder for the running test. */
export function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pgtop-proc-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** A folder that looks like /proc of a machine with these processes. */
export function fakeProc(processes: readonly FakeProcess[], listeners: FakeListeners = {}): string {
  const proc = folderForTest();
  writeFileSync(join(proc, 'stat'), 'cpu  1 2 3\nbtime 1790000000\n');
  mkdirSync(join(proc, 'self', 'net'), {recursive: true});
  writeFileSync(join(proc, 'self', 'net', 'unix'), unixText(listeners.unix ?? []));
  for (const table of ['tcp', 'tcp6'] as const)
    writeFileSync(join(proc, 'self', 'net', table), tcpText(listeners[table] ?? []));
  for (const process of processes) addProcess(proc, process);
  return proc;
}

/** Puts a process into the folder, in the place of an earlier one of its pid. */
export function addProcess(proc: string, process: FakeProcess): void {
  const {pid, parentPid, program = 'postgres', uid = 101, startTicks = 500, state = 'S'} = process;
  const folder = join(proc, String(pid));
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(join(folder, 'cwd'), {recursive: true});
  const zeros = Array.from({length: 17}, () => '0').join(' ');
  writeFileSync(
    join(folder, 'stat'),
    `${pid} (${program}) ${state} ${parentPid} ${zeros} ${startTicks} 0 0\n`,
  );
  writeFileSync(join(folder, 'status'), `Name:\t${program}\nUid:\t${uid}\t${uid}\nRssAnon:\t    2048 kB\n`);
  writeFileSync(join(folder, 'cmdline'), `${process.title ?? '/usr/bin/postgres'}\0\0\0\0`);
  if (process.version !== undefined) writeFileSync(join(folder, 'cwd', 'PG_VERSION'), `${process.version}\n`);
  if (process.sockets === undefined) return;
  mkdirSync(join(folder, 'fd'));
  for (const [index, inode] of process.sockets.entries())
    symlinkSync(`socket:[${inode}]`, join(folder, 'fd', String(index + 3)));
}

function unixText(sockets: readonly (readonly [string, number])[]): string {
  const lines = sockets.map(
    ([path, inode]) => `00000000a671da4a: 00000002 00000000 00010000 0001 01 ${inode} ${path}`,
  );
  // A connection to it has the same path, and listens for nobody.
  const connections = sockets.map(
    ([path]) => `000000008e3d3408: 00000003 00000000 00000000 0001 03 99 ${path}`,
  );
  return `${['Num       RefCount Protocol Flags    Type St Inode Path', ...connections, ...lines].join('\n')}\n`;
}

function tcpText(sockets: readonly (readonly [string, number, number?])[]): string {
  const lines = sockets.map(
    ([address, inode, uid = 101]) =>
      `   0: ${address} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1`,
  );
  return `${['  sl  local_address rem_address   st', ...lines].join('\n')}\n`;
}
