import type {OwnUsage} from '../model/refresh-cost.ts';

/** Tells at each call what this process took since the call before, or since now. */
export function watchOwnUsage(): () => OwnUsage {
  let cpu = process.cpuUsage();
  let at = performance.now();
  return () => {
    const spent = process.cpuUsage(cpu);
    const now = performance.now();
    const cpuRatio = (spent.user + spent.system) / 1_000 / Math.max(1, now - at);
    cpu = process.cpuUsage();
    at = now;
    return {cpuRatio, residentBytes: process.memoryUsage.rss()};
  };
}
