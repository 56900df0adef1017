import {
  earlyIntervalMs,
  JUDGED_REFRESHES,
  lateRetryMs,
  type PollCost,
  slowedIntervalMs,
} from '../model/refresh-cost.ts';
import type {PreparedSession} from './prepare-monitoring.ts';

/** How often a server is asked: as wanted, more seldom for as long as that is too dear for it, and more often at first. */
export type Pace = {
  /** Milliseconds between the starts of two refreshes by now. */
  intervalMs(): number;
  /** Milliseconds until a refresh that failed is tried again. */
  retryMs(): number;
  /** Changes the wanted interval. */
  want(intervalMs: number): void;
  /** Does one refresh on a session and notes what it took, also when it fails. @throws what the refresh throws */
  measure<T>(
    session: PreparedSession,
    refresh: () => Promise<T>,
  ): Promise<{readonly result: T; readonly cost: PollCost}>;
};

/** A pace that begins with the wanted interval. */
export function createPace(wantedMs: number): Pace {
  let wanted = wantedMs;
  let worksMs: readonly number[] = [];
  let judged: PreparedSession | null = null;
  let refreshes = 0;
  const slowedMs = () => slowedIntervalMs(wanted, worksMs);
  return {
    intervalMs: () => slowedMs() ?? earlyIntervalMs(wanted, refreshes, worksMs.at(-1) ?? 0),
    retryMs: () => slowedMs() ?? lateRetryMs(wanted),
    want(ms) {
      wanted = ms;
    },
    async measure(session, refresh) {
      // Another session is perhaps on another server, and reads all names anew.
      if (session !== judged) [worksMs, refreshes] = [[], 0];
      judged = session;
      refreshes += 1;
      const before = session.effort();
      const startedAt = performance.now();
      const workMs = () => session.effort().workMs - before.workMs;
      try {
        const result = await refresh();
        const durationMs = performance.now() - startedAt;
        worksMs = [...worksMs, workMs()].slice(-JUDGED_REFRESHES);
        const bytes = session.effort().bytes - before.bytes;
        return {result, cost: {durationMs, workMs: workMs(), bytes, slowedMs: slowedMs()}};
      } catch (error) {
        worksMs = [...worksMs, workMs()].slice(-JUDGED_REFRESHES);
        throw error;
      }
    },
  };
}
