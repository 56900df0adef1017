import {type ProcessStat, readProcessStat} from '../model/process-stat.ts';
import {
  isSameProcess,
  type Postmaster,
  type ProcessTable,
  type ServerProcess,
} from '../model/process-table.ts';
import {isServerTitle} from '../model/process-title.ts';
import {sanitise} from '../model/sanitise.ts';
import {allPids, readKernelFile} from './read-kernel-file.ts';

/** Characters of a title that are read: role, database and client take up to 63 each. */
const TITLE = 400;

/** The processes that a postmaster has started, as they are now; null when it is not there any more. */
export function readProcessTable(postmaster: Postmaster, proc: string): ProcessTable | null {
  const now = readStat(postmaster.pid, proc);
  if (now === null || !isSameProcess(now, postmaster)) return null;
  const processes = allPids(proc).flatMap(pid => {
    const stat = readStat(pid, proc);
    return stat?.parentPid === postmaster.pid ? (serverProcess(stat, proc) ?? []) : [];
  });
  return {readAt: Date.now() * 1_000, postmaster, processes};
}

/** The facts of one process; null when it is not there any more, or has ended and only its parent has not asked about it. */
export function readStat(pid: number, proc: string): ProcessStat | null {
  const stat = readProcessStat(readKernelFile(`${proc}/${pid}/stat`) ?? '');
  return stat === null || /[ZX]/i.test(stat.state) ? null : stat;
}

/** What a process calls itself, sanitised; empty when it is not there any more. */
export function readTitle(pid: number, proc: string): string {
  const text = readKernelFile(`${proc}/${pid}/cmdline`) ?? '';
  // Behind the title stands what is left of the command line it was written over.
  return sanitise((text.split('\0')[0] ?? '').slice(0, TITLE)).trim();
}

/** Null for one that has no title of its own yet. */
function serverProcess(stat: ProcessStat, proc: string): ServerProcess | null {
  const title = readTitle(stat.pid, proc);
  if (!isServerTitle(title)) return null;
  const kilobytes = /^RssAnon:\s*(\d+) kB/m.exec(readKernelFile(`${proc}/${stat.pid}/status`) ?? '')?.[1];
  const memoryBytes = kilobytes === undefined ? null : Number(kilobytes) * 1024;
  return {...stat, title, memoryBytes, cpuShare: null};
}
