import {type ProcessStat, TICKS_PER_SECOND} from './process-stat.ts';
import type {Microseconds} from './timestamp.ts';

/** Which process it is, for as long as the machine runs: a pid alone is reused. */
export type ProcessIdentity = Pick<ProcessStat, 'pid' | 'startTicks'>;

/** The process that listens for a server's clients and starts a process for each. */
export type Postmaster = ProcessIdentity & {
  /** The operating system's account that it runs as. */
  readonly uid: number;
  /** The major version by the data directory's PG_VERSION; null where that may not be read. */
  readonly major: number | null;
  /** When the machine started. */
  readonly bootedAt: Microseconds;
  /** Why the user of pgtop may not signal its processes, as a sentence; null when that is allowed. */
  readonly whyNoSignal: string | null;
};

/** A process that the postmaster started, as the operating system tells it. */
export type ServerProcess = ProcessStat & {
  /** Sanitised. */
  readonly title: string;
  /** Memory that is its own alone, without shared buffers (RssAnon). Bytes; null where it may not be read. */
  readonly memoryBytes: number | null;
  /** The share of one processor core that it used since the reading before, 0 to 1. Null at the first reading. */
  readonly cpuShare: number | null;
};

/** The processes of one server at one moment, read from the machine's process table. */
export type ProcessTable = {
  readonly readAt: Microseconds;
  readonly postmaster: Postmaster;
  readonly processes: readonly ServerProcess[];
};

/** True when both are the same run of the same process. */
export function isSameProcess(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.pid === other.pid && one.startTicks === other.startTicks;
}

const TICK: Microseconds = 1_000_000 / TICKS_PER_SECOND;

/** When a process began, by this machine's clock. */
export function startOf({startTicks}: ProcessIdentity, {bootedAt}: Postmaster): Microseconds {
  return bootedAt + startTicks * TICK;
}

/** The table with what each process had of the processors since the reading before. */
export function withCpuShares(table: ProcessTable, before: ProcessTable | null): ProcessTable {
  const earlier = new Map(before?.processes.map(process => [process.pid, process]));
  const elapsed = table.readAt - (before?.readAt ?? table.readAt);
  const processes = table.processes.map(process => {
    const then = earlier.get(process.pid);
    if (then === undefined || elapsed <= 0 || !isSameProcess(then, process)) return process;
    return {...process, cpuShare: ((process.cpuTicks - then.cpuTicks) * TICK) / elapsed};
  });
  return {...table, processes};
}
