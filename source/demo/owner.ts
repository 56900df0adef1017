import {execFileSync} from 'node:child_process';
import {readFileSync, readlinkSync} from 'node:fs';
import {errorCodeOf} from './error-code.ts';

/** The process that a server folder belongs to. A pid alone is reused, and means nothing in another container. */
export type Owner = {
  readonly pid: number;
  /** When the process began, in the words of the operating system; only ever compared. */
  readonly start: string;
  /** The set of pids that `pid` is one of; only ever compared. */
  readonly pidNamespace: string;
};

/** This process as an owner. */
export function thisProcess(): Owner {
  return {pid: process.pid, start: processStart(process.pid) ?? '', pidNamespace: pidNamespace()};
}

/** The owner as the text of its file. */
export function ownerText({pid, start, pidNamespace: namespace}: Owner): string {
  return `${pid}\n${start}\n${namespace}\n`;
}

/** The owner from the text of its file; null for any other text, which then is not ours. */
export function readOwner(text: string): Owner | null {
  const [pid = '', start = '', namespace = '', rest] = text.split('\n');
  if (!/^[1-9]\d{0,9}$/.test(pid) || start === '' || namespace === '' || rest !== '') return null;
  return {pid: Number(pid), start, pidNamespace: namespace};
}

/** True only when it is certain that the owner has ended: in another container it never is. */
export function hasEnded(owner: Owner): boolean {
  if (owner.pidNamespace !== pidNamespace()) return false;
  if (!processExists(owner.pid)) return true;
  const start = processStart(owner.pid);
  return start !== null && start !== owner.start;
}

/** True when there is such a process, whoever it belongs to, and not only its remains that nobody has asked about yet. */
export function processExists(pid: number): boolean {
  try {
    // Asked by a signal, since /proc may hide other accounts' processes.
    process.kill(pid, 0);
  } catch (error) {
    if (errorCodeOf(error) === 'ESRCH') return false;
  }
  return process.platform !== 'linux' || fieldsFromProc(pid)?.[STATE] !== ZOMBIE;
}

const STATE = 0;
const ZOMBIE = 'Z';
const START_TIME = 19;

/** Null when there is no such process, or none that we may see. */
function processStart(pid: number): string | null {
  return process.platform === 'linux' ? (fieldsFromProc(pid)?.[START_TIME] ?? null) : startFromPs(pid);
}

/** What /proc/PID/stat has behind the program's name, which is in parentheses and may hold spaces and parentheses itself. */
function fieldsFromProc(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errorCodeOf(error) ?? '')) return null;
    throw error;
  }
}

function startFromPs(pid: number): string | null {
  try {
    const options = {encoding: 'utf8', env: {LC_ALL: 'C', TZ: 'UTC', PATH: '/bin:/usr/bin'}} as const;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || null;
  } catch (error) {
    // ps ends with 1 when there is no such process.
    if (error instanceof Error && 'status' in error && error.status === 1) return null;
    throw error;
  }
}

function pidNamespace(): string {
  return process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : process.platform;
}
