import type {SessionIdentity} from './backend.ts';
import type {Microseconds} from './timestamp.ts';

/** What the kernel tells of one process in /proc/PID/stat. */
export type ProcessStat = {
  readonly pid: number;
  /** The name of its program, 15 bytes of it at most. */
  readonly program: string;
  /** One letter: R running, S sleeping, D waiting for a device, T stopped, Z ended but not asked about yet. */
  readonly state: string;
  /** The process that started it, or took it over. */
  readonly parentPid: number;
  /** Processor time in ticks of the kernel's clock, of which Linux tells 100 a second; that of the program and that of the kernel for it. */
  readonly cpuTicks: number;
  /** When it began, in ticks since the machine started. Together with the pid it names a process for good. */
  readonly startTicks: number;
};

// Counted behind the program's name, as proc(5) numbers them less three.
const STATE = 0;
const PARENT = 1;
const USER_TIME = 11;
const SYSTEM_TIME = 12;
const START_TIME = 19;

/** The facts from the text of /proc/PID/stat; null for any other text. */
export function readProcessStat(text: string): ProcessStat | null {
  // The program's name is in parentheses and may hold spaces and parentheses itself.
  const pid = /^[1-9]\d* \(/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  const end = text.lastIndexOf(')');
  const program = text.slice(text.indexOf('(') + 1, end);
  const fields = text.slice(end + 2).split(' ');
  const [parentPid, userTicks, systemTicks, startTicks] = [PARENT, USER_TIME, SYSTEM_TIME, START_TIME].map(
    at => Number(fields[at] ?? Number.NaN),
  ) as [number, number, number, number];
  const numbers = [pid, parentPid, userTicks, systemTicks, startTicks];
  const state = fields[STATE] ?? '';
  if (!numbers.every(Number.isSafeInteger) || !/^[A-Za-z]$/.test(state)) return null;
  return {pid, program, state, parentPid, cpuTicks: userTicks + systemTicks, startTicks};
}

/** Ticks in a second, the same on every Linux that PostgreSQL runs on (USER_HZ). */
export const TICKS_PER_SECOND = 100;

/** How far the begin of a process may lie from the start that its server tells: a busy machine is slow to begin, and clocks are set. */
const CLOSE: Microseconds = 2_000_000;
const PROGRAM = /postgres|postmaster/;

/**
 * True when a process of this machine is a session's own backend: a process of PostgreSQL with its pid that began when the server
 * says the session did. `now` is this machine's clock, `uptimeSeconds` the age of the machine.
 */
export function isProcessOf(
  {pid, backendStart}: SessionIdentity,
  stat: ProcessStat,
  now: Microseconds,
  uptimeSeconds: number,
): boolean {
  const began = now - (uptimeSeconds - stat.startTicks / TICKS_PER_SECOND) * 1_000_000;
  const isClose = backendStart !== null && Math.abs(began - backendStart) <= CLOSE;
  return stat.pid === pid && PROGRAM.test(stat.program) && isClose;
}
