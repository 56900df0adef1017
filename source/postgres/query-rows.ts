import {type Client, Query, type QueryConfig} from 'pg';

/**
 * Asks one statement and hands over each row as it arrives, as an array of the server's texts. The driver would copy the rows and
 * keep them all until the last one has come, which costs more than reading them. Gives what `take` threw, after which it gets no
 * more rows; null when it threw nothing. @throws DatabaseError, or what ended the connection
 */
export function queryRows<Row>(
  client: Client,
  config: QueryConfig,
  take: (row: Row) => void,
): Promise<Thrown | null> {
  return new Promise((resolve, reject) => {
    const query = new RowQuery(config, take as (row: unknown) => void);
    query.on('error', reject);
    query.on('end', () => resolve(query.thrown));
    client.query(query);
  });
}

type Thrown = {readonly error: unknown};

// The driver calls methods of a query of its own.
class RowQuery extends Query {
  readonly #take: (row: unknown) => void;
  thrown: Thrown | null = null;

  constructor(config: QueryConfig, take: (row: unknown) => void) {
    super(config);
    this.#take = take;
  }

  /** The driver's name for what a message with a row is given to. */
  handleDataRow({fields}: {readonly fields: unknown}): void {
    if (this.thrown !== null) return;
    try {
      this.#take(fields);
    } catch (error) {
      this.thrown = {error};
    }
  }
}
