import {readProcessStat} from './process-stat.ts';
import type {Microseconds} from './timestamp.ts';

/** The files of one process under /proc/PID, as far as they could be read. */
export type ProcessFiles = {
  readonly stat: string;
  /** The whole file, or at least its line RssAnon. */
  readonly status: string | null;
  /** Null where only its owner and root may read it. */
  readonly io: string | null;
};

/** What the kernel tells of a server process at one moment. */
export type ProcessSample = {
  readonly pid: number;
  /** The process that started it, or took it over. */
  readonly parentPid: number;
  /** When it was read, or known to stand as it was read before; on the clock of who reads it. */
  readonly at: Microseconds;
  /** When the process began. With the pid it tells it from a later one of the same pid. */
  readonly startTicks: number;
  /** Processor time it has used, 100 ticks a second. */
  readonly cpuTicks: number;
  /** Memory that is its own alone, in bytes (RssAnon): without shared buffers, which would be counted for every process. Null where not told. */
  readonly memoryBytes: number | null;
  /** Bytes it has had fetched from storage (read_bytes). Null where not told. */
  readonly readBytes: number | null;
  /** Bytes it has caused to be written to storage (write_bytes). Null where not told. */
  readonly writeBytes: number | null;
};

/** The sample that the files of a process make; null when they are no such files. */
export function processSample({stat, status, io}: ProcessFiles, at: Microseconds): ProcessSample | null {
  const facts = readProcessStat(stat);
  if (facts === null) return null;
  const {pid, parentPid, startTicks, cpuTicks} = facts;
  const kilobytes = amountOf(status, /^RssAnon:\s*(\d+) kB/m);
  return {
    pid,
    parentPid,
    at,
    startTicks,
    cpuTicks,
    memoryBytes: kilobytes === null ? null : kilobytes * 1024,
    readBytes: amountOf(io, /^read_bytes: (\d+)/m),
    writeBytes: amountOf(io, /^write_bytes: (\d+)/m),
  };
}

function amountOf(text: string | null, pattern: RegExp): number | null {
  const [, digits] = (text === null ? null : pattern.exec(text)) ?? [];
  return digits === undefined ? null : Number(digits);
}
