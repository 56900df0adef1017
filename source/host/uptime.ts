import {readProcFile} from './read-process.ts';

/** Seconds since this machine started, on the clock that the begin of its processes is counted by; null where there is no /proc. */
export function uptimeSeconds(): number | null {
  const seconds = Number.parseFloat(readProcFile('/proc/uptime') ?? '');
  return Number.isFinite(seconds) ? seconds : null;
}
