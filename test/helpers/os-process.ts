import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** What the operating system's own files tell of a process, read in the plainest way. */
export type OsProcess = {
  /** Milliseconds of the local clock. */
  readonly atMs: number;
  readonly cpuSeconds: number;
  readonly readBytes: number;
  readonly writeBytes: number;
  /** Kilobytes of memory of its own, as /proc/PID/smaps_rollup sums them up over its mappings. */
  readonly anonymousKb: number;
};

const numberAfter = (text: string, label: string) =>
  Number(
    text
      .split('\n')
      .find(line => line.startsWith(label))
      ?.match(/\d+/)?.[0],
  );

/** A reading of a process. */
export function osProcess(pid: number): OsProcess {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [userTicks, systemTicks] = fields.split(' ').slice(11, 13).map(Number);
  const io = readFileSync(`/proc/${pid}/io`, 'utf8');
  return {
    atMs: performance.now(),
    cpuSeconds: ((userTicks ?? 0) + (systemTicks ?? 0)) / 100,
    readBytes: numberAfter(io, 'read_bytes:'),
    writeBytes: numberAfter(io, 'write_bytes:'),
    anonymousKb: numberAfter(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Anonymous:'),
  };
}

/** The processor seconds of a process since it began as ps prints them, whole ones. */
export function psCpuSeconds(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'cputimes=', '-p', String(pid)], {encoding: 'utf8'}));
}
