import {type Client, Query, type QueryConfig} from 'pg';
import type {RowBytes, RowMessage} from './row-message.ts';

/** What is done with the rows of a statement as they arrive. */
export type RowTaker<Row> = {
  /** Takes a row as it came, and tells whether it did: one that says what is known already need not be read. The bytes are good during the call only. */
  readonly takeUnread?: ((row: RowBytes) => boolean) | undefined;
  /** Takes any other row as an array of the server's texts, and the bytes it was read from, which are good during the call only. */
  readonly take: (row: Row, bytes: RowBytes) => void;
};

/**
 * Asks one statement and hands over each row as it arrives, as an array of the server's texts. The driver would copy the rows and
 * keep them all until the last one has come, which costs more than reading them. Gives what `take` threw, after which it gets no
 * more rows; null when it threw nothing. @throws DatabaseError, or what ended the connection
 */
export function queryRows<Row>(
  client: Client,
  config: QueryConfig,
  taker: RowTaker<Row>,
): Promise<Thrown | null> {
  return new Promise((resolve, reject) => {
    const query = new RowQuery(config, taker as RowTaker<unknown>);
    query.on('error', reject);
    query.on('end', () => resolve(query.thrown));
    client.query(query);
  });
}

type Thrown = {readonly error: unknown};

// The driver calls methods of a query of its own.
class RowQuery extends Query {
  readonly #taker: RowTaker<unknown>;
  thrown: Thrown | null = null;

  constructor(config: QueryConfig, taker: RowTaker<unknown>) {
    super(config);
    this.#taker = taker;
  }

  /** The driver's name for what a message with a row is given to. */
  handleDataRow(row: RowMessage): void {
    if (this.thrown !== null) return;
    try {
      if (this.#taker.takeUnread?.(row) !== true) this.#taker.take(row.fields, row);
    } catch (error) {
      this.thrown = {error};
    }
  }
}
