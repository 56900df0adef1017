import {addRoundTrip, NO_ROUND_TRIPS, workOfAnswer} from '../model/round-trip.ts';
import type {Connection} from './connection.ts';
import {errorCode} from './sql-state.ts';

/** What the statements of a session have taken so far. */
export type Effort = {
  /** Milliseconds of the server's work. */
  readonly workMs: number;
  /** Bytes on the line, in both directions. */
  readonly bytes: number;
};

/** lock_not_available: the statement has waited and done nothing. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * The same session with its effort measured. Work is what an answer took beyond the way there and back, which short answers tell; a
 * statement that gave up waiting for a lock did none.
 */
export function measureEffort(connection: Connection): {
  readonly measured: Connection;
  readonly effort: () => Effort;
} {
  let workMs = 0;
  let trips = NO_ROUND_TRIPS;
  const note = (startedAt: number) => {
    const spentMs = performance.now() - startedAt;
    trips = addRoundTrip(trips, spentMs);
    workMs += workOfAnswer(trips, spentMs);
  };
  return {
    measured: {
      ...connection,
      async query<Row>(...asked: Parameters<Connection['query']>) {
        const startedAt = performance.now();
        try {
          const rows = await connection.query<Row>(...asked);
          note(startedAt);
          return rows;
        } catch (error) {
          if (errorCode(error) !== LOCK_NOT_AVAILABLE) note(startedAt);
          throw error;
        }
      },
    },
    effort: () => ({workMs, bytes: connection.bytes()}),
  };
}
