import {ConnectError} from './connect-error.ts';
import type {Connection} from './connection.ts';
import {type PreparedSession, prepareMonitoring} from './prepare-monitoring.ts';
import {errorText, isFull, isProofRefused, isRefusedForGood, isStatementFailure} from './sql-state.ts';

/** Why no new data came. */
export type PollFailure = {
  /** `lost`: the connection is gone and is being opened again. `full`: so, and no slot is free for another. `refused`: so, and the server's answer will not change by itself. `late`: this refresh's statement failed, the connection stays. */
  readonly kind: 'lost' | 'full' | 'refused' | 'late';
  /** The server's or the system's words. */
  readonly message: string;
  /** Milliseconds until the next try; null when nothing is tried until somebody asks for it. */
  readonly retryInMs: number | null;
};

/** The one session that is read from, opened again after a loss, ever more seldom while the server says no. */
export type Link = {
  /** The present session; null while there is none. */
  present(): PreparedSession | null;
  /** The present session, or a new one. Null when the link was cut meanwhile. @throws as prepareMonitoring does */
  session(): Promise<PreparedSession | null>;
  /** Notes that the session answered. */
  answered(): void;
  /** What an error means for the session, which is given up unless only a statement failed. `intervalMs` is when that is tried again. */
  failed(error: unknown, intervalMs: number): Promise<PollFailure>;
  /** Ends the session for good. */
  cut(): Promise<void>;
};

const FIRST_RETRY_MS = 50;
/** Two tries a second at most: a server that has no slot or is starting has enough to do. */
export const SECOND_RETRY_MS = 500;
const LONGEST_RETRY_MS = 1_000;
const REFUSED_RETRY_MS = 30_000;

/** A link that begins with `first`, or without a session; later ones come from `open`. `onEnded` is called when the present session has ended by itself. */
export function createLink(
  first: PreparedSession | null,
  open: () => Promise<Connection>,
  onEnded: () => void,
): Link {
  let session = first;
  let retryMs = first === null ? SECOND_RETRY_MS : FIRST_RETRY_MS;
  let isCut = false;

  const drop = async () => {
    const dropped = session;
    session = null;
    await dropped?.connection.close();
  };

  const watch = ({connection}: PreparedSession) => {
    connection.ended.then(
      () => session?.connection === connection && onEnded(),
      () => undefined,
    );
  };
  if (first !== null) watch(first);

  return {
    present: () => session,
    async session() {
      if (session !== null) return session;
      const opened = await prepareMonitoring(open);
      if (isCut) {
        await opened.connection.close();
        return null;
      }
      session = opened;
      watch(opened);
      return opened;
    },
    answered() {
      retryMs = FIRST_RETRY_MS;
    },
    async failed(error, intervalMs) {
      const message =
        error instanceof ConnectError ? error.reason : errorText(session?.connection.endReason() ?? error);
      if (session !== null && isStatementFailure(error))
        return {kind: 'late', message, retryInMs: intervalMs};
      await drop();
      // The same proof would be refused again, and many a server locks the role after some tries.
      if (isProofRefused(error)) return {kind: 'refused', message, retryInMs: null};
      if (isRefusedForGood(error)) return {kind: 'refused', message, retryInMs: REFUSED_RETRY_MS};
      // Jitter keeps many monitors from knocking at a restarted server in step.
      const retryInMs = Math.round(retryMs * (1 + Math.random() / 4));
      retryMs = Math.min(Math.max(retryMs * 2, SECOND_RETRY_MS), LONGEST_RETRY_MS);
      return {kind: isFull(error) ? 'full' : 'lost', message, retryInMs};
    },
    async cut() {
      isCut = true;
      await drop();
    },
  };
}
