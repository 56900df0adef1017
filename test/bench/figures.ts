import {readdir, readFile} from 'node:fs/promises';
import {readProcessStat} from '../../source/model/process-stat.ts';

/** The middle of some values; NaN for none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that such a part of the values does not exceed; NaN for none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** CPU time of all threads of a process so far, in milliseconds, from /proc/PID/task/TID/schedstat; 0 when it has ended. */
export async function cpuMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const times = await Promise.all(
    threads.map(thread => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')),
  );
  return times.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0);
}

/** CPU time of the children of a process that have ended, in milliseconds, from /proc/PID/stat; the kernel counts them in hundredths of a second. */
export async function endedChildrenMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** The parent of a process, from /proc/PID/stat; NaN when that says nothing. */
export async function parentOf(pid: number): Promise<number> {
  return readProcessStat(await readFile(`/proc/${pid}/stat`, 'utf8'))?.parentPid ?? Number.NaN;
}

/** Resident memory of a process in megabytes, from VmRSS; NaN when it has ended. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
