import {setTimeout as sleep} from 'node:timers/promises';
import {lateRetryMs} from '../model/refresh-cost.ts';
import type {Reading} from '../model/snapshot.ts';
import type {Connection} from '../postgres/connection.ts';
import {createLink} from '../postgres/link.ts';
import type {PreparedSession} from '../postgres/prepare-monitoring.ts';
import {isNotAllowed} from '../postgres/sql-state.ts';

/** Readings for a script that goes on for long: a session that is lost is opened again. */
export type SteadyReader = {
  /**
   * The next reading, and whether one before it could not be taken in time; null once `leaves` says that nobody wants it any more. @throws why there is no
   * session, when there has been none for REGAIN_MS or the server refuses one for good; and the error of a statement that will not change by itself
   */
  read(): Promise<{readonly reading: Reading; readonly isLate: boolean} | null>;
  close(): Promise<void>;
};

/** How long a lost session is tried for: a restart or a failover is over by then. */
const REGAIN_MS = 30_000;

/** A reader that begins with a session; later ones come from `open`. */
export function createSteadyReader(
  first: PreparedSession,
  open: () => Promise<Connection>,
  everyMs: number,
  leaves: AbortSignal,
  warn: (line: string) => void,
): SteadyReader {
  const link = createLink(first, open, () => undefined);
  return {
    async read() {
      let lostAtMs: number | null = null;
      let isLate = false;
      let isTold = false;
      while (!leaves.aborted) {
        try {
          const session = await link.session();
          if (session === null) return null;
          const reading = await session.collector.collect();
          link.answered();
          return {reading, isLate};
        } catch (error) {
          const {kind, message, retryInMs} = await link.failed(error, lateRetryMs(everyMs));
          isLate ||= kind === 'late';
          lostAtMs = kind === 'late' ? null : (lostAtMs ?? performance.now());
          const isOver = lostAtMs !== null && performance.now() - lostAtMs > REGAIN_MS;
          const isForGood = kind === 'refused' || isNotAllowed(error);
          if (isForGood || retryInMs === null || isOver) throw error;
          if (!isTold) warn(`${message}; trying again`);
          isTold = true;
          await sleep(retryInMs, undefined, {signal: leaves}).catch(() => undefined);
        }
      }
      return null;
    },
    close: () => link.cut(),
  };
}
