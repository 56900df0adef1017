import type {PollCost} from '../model/refresh-cost.ts';
import type {Reading, ReadingNeeds} from '../model/snapshot.ts';
import type {Connection} from './connection.ts';
import {createLink, type PollFailure, SECOND_RETRY_MS} from './link.ts';
import {createPace} from './pace.ts';
import type {PreparedSession} from './prepare-monitoring.ts';

/** What the poller tells. */
export type PollEvents = {
  /** What the next reading is to hold; without it the sessions and who waits for whom. */
  readonly needs?: () => ReadingNeeds;
  readonly onReading: (reading: Reading, cost: PollCost) => void;
  readonly onFailure: (failure: PollFailure) => void;
  /** A mistake of the program itself: what the other two threw. The refreshes are over. */
  readonly onBug: (error: unknown) => void;
};

/** Refreshes at an interval over one connection at a time, never two refreshes at once, and reconnects by itself. */
export type Poller = {
  /** Refreshes now, or right after the running refresh; without a session a new one is tried for at once, so only the user may ask for it: a server locks a role that is refused too often. */
  refresh(): void;
  /** The same while there is a session; a new one is waited for as long as it takes. */
  look(): void;
  /** Milliseconds wanted between the starts of two refreshes; one that takes longer skips the ones it missed, and one that is dear for the server makes them rarer. */
  setIntervalMs(intervalMs: number): void;
  /** Asks something of the present session, ahead of the next refresh. @throws when there is no session, or what the question throws. */
  ask<T>(question: (session: PreparedSession) => Promise<T>): Promise<T>;
  /** Ends the refreshes and the session. */
  stop(): Promise<void>;
};

const LAST_MS = 200;
/** The longest that a timer can be set to. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/** Starts refreshing on `first`; where no session could be had, tries again soon. Later sessions come from `open`. */
export function startPoller(
  first: PreparedSession | null,
  open: () => Promise<Connection>,
  intervalMs: number,
  events: PollEvents,
): Poller {
  const pace = createPace(intervalMs);
  let isStopped = false;
  let isWanted = false;
  let wake: () => void = () => undefined;
  const link = createLink(first, open, () => wake());

  const sleep = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** One refresh; the milliseconds until the next one. */
  const refreshOnce = async (startedAt: number): Promise<number> => {
    let refreshed: {readonly result: Reading; readonly cost: PollCost};
    try {
      const session = await link.session();
      if (session === null) return 0;
      refreshed = await pace.measure(session, () => session.collector.collect(events.needs?.()));
    } catch (error) {
      if (isStopped) return 0;
      const failure = await link.failed(error, pace.retryMs());
      events.onFailure(failure);
      return failure.retryInMs ?? LONGEST_SLEEP_MS;
    }
    link.answered();
    if (!isStopped) events.onReading(refreshed.result, refreshed.cost);
    const spent = performance.now() - startedAt;
    const interval = pace.intervalMs();
    return interval - (spent % interval);
  };

  const run = async () => {
    // Somebody has tried just before, and was refused.
    if (first === null) await sleep(SECOND_RETRY_MS);
    while (!isStopped) {
      isWanted = false;
      const waitMs = await refreshOnce(performance.now());
      if (!isWanted && !isStopped) await sleep(waitMs);
    }
  };
  const running = run().catch(events.onBug);
  const refresh = () => {
    isWanted = true;
    wake();
  };
  const look = () => {
    if (link.present() !== null) refresh();
  };

  return {
    refresh,
    look,
    setIntervalMs(ms) {
      pace.want(ms);
      look();
    },
    async ask(question) {
      const session = link.present();
      if (session === null) throw new Error('not connected');
      return await question(session);
    },
    async stop() {
      isStopped = true;
      wake();
      await link.cut();
      // An attempt to connect may take long to fail; nobody waits for it any more.
      await Promise.race([running, new Promise(resolve => setTimeout(resolve, LAST_MS).unref())]);
    },
  };
}
