import type {Reading} from '../model/snapshot.ts';
import {type Capabilities, probe} from './capabilities.ts';
import {type Collector, createCollector} from './collector.ts';
import type {Connection} from './connection.ts';
import {createNameCache, type NameCache} from './name-cache.ts';
import {prepareSession} from './session-recipe.ts';
import {errorText, isRefusedForGood, isStatementFailure} from './sql-state.ts';

/** A session that is ready to be read from. */
export type PreparedSession = {
  readonly connection: Connection;
  readonly capabilities: Capabilities;
  readonly names: NameCache;
  readonly collector: Collector;
};

/** Why no new data came. */
export type PollFailure = {
  /** `lost`: the connection is gone and is being opened again. `refused`: so, and the server's answer will not change by itself. `late`: this refresh's statement failed, the connection stays. */
  readonly kind: 'lost' | 'refused' | 'late';
  /** The server's or the system's words. */
  readonly message: string;
  /** Milliseconds until the next try. */
  readonly retryInMs: number;
};

/** What the poller tells. */
export type PollEvents = {
  readonly onReading: (reading: Reading) => void;
  readonly onFailure: (failure: PollFailure) => void;
  /** A mistake of the program itself: what the other two threw. The refreshes are over. */
  readonly onBug: (error: unknown) => void;
};

/** Refreshes at an interval over one connection at a time, never two refreshes at once, and reconnects by itself. */
export type Poller = {
  /** Refreshes now, or right after the running refresh. */
  refresh(): void;
  /** Milliseconds between the starts of two refreshes; one that takes longer skips the ones it missed. */
  setIntervalMs(intervalMs: number): void;
  /** Asks something of the present session, ahead of the next refresh. @throws when there is no session, or what the question throws. */
  ask<T>(question: (session: PreparedSession) => Promise<T>): Promise<T>;
  /** Ends the refreshes and the session. */
  stop(): Promise<void>;
};

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;
const REFUSED_RETRY_MS = 30_000;
const LAST_MS = 200;

/** Opens a connection and prepares it for monitoring. @throws as openConnection and prepareSession do; nothing stays open then. */
export async function prepareMonitoring(open: () => Promise<Connection>): Promise<PreparedSession> {
  const connection = await open();
  try {
    await prepareSession(connection);
    const capabilities = await probe(connection);
    const names = createNameCache(connection);
    const collector = createCollector(connection, capabilities, names, () => performance.now());
    return {connection, capabilities, names, collector};
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Starts refreshing on `first`; later sessions come from `open`. */
export function startPoller(
  first: PreparedSession,
  open: () => Promise<Connection>,
  intervalMs: number,
  events: PollEvents,
): Poller {
  let session: PreparedSession | null = first;
  let interval = intervalMs;
  let retryMs = FIRST_RETRY_MS;
  let isStopped = false;
  let isWanted = false;
  let wake: () => void = () => undefined;

  const sleep = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const drop = async () => {
    const dropped = session;
    session = null;
    await dropped?.connection.close();
  };

  const wakeWhenEnded = ({connection}: PreparedSession) => {
    connection.ended.then(
      () => session?.connection === connection && wake(),
      () => undefined,
    );
  };
  wakeWhenEnded(first);

  const onError = async (error: unknown) => {
    const message = errorText(session?.connection.endReason() ?? error);
    if (session !== null && isStatementFailure(error)) {
      events.onFailure({kind: 'late', message, retryInMs: interval});
      return interval;
    }
    await drop();
    const isRefused = isRefusedForGood(error);
    // Jitter keeps many monitors from knocking at a restarted server in step.
    const waitMs = isRefused ? REFUSED_RETRY_MS : Math.round(retryMs * (0.75 + Math.random() / 2));
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    events.onFailure({kind: isRefused ? 'refused' : 'lost', message, retryInMs: waitMs});
    return waitMs;
  };

  /** One refresh; the milliseconds until the next one. */
  const refreshOnce = async (startedAt: number): Promise<number> => {
    let reading: Reading;
    try {
      if (session === null) {
        const opened = await prepareMonitoring(open);
        if (isStopped) {
          await opened.connection.close();
          return 0;
        }
        session = opened;
        wakeWhenEnded(opened);
      }
      reading = await session.collector.collect();
    } catch (error) {
      return isStopped ? 0 : await onError(error);
    }
    retryMs = FIRST_RETRY_MS;
    if (!isStopped) events.onReading(reading);
    const spent = performance.now() - startedAt;
    return interval - (spent % interval);
  };

  const run = async () => {
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

  return {
    refresh,
    setIntervalMs(ms) {
      interval = ms;
      refresh();
    },
    async ask(question) {
      if (session === null) throw new Error('not connected');
      return await question(session);
    },
    async stop() {
      isStopped = true;
      wake();
      await drop();
      // An attempt to connect may take long to fail; nobody waits for it any more.
      await Promise.race([running, new Promise(resolve => setTimeout(resolve, LAST_MS).unref())]);
    },
  };
}
