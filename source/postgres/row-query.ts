import type {Connection} from 'pg';
import {prepareValue} from 'pg/lib/utils.js';
import {serialize} from 'pg-protocol';
import type {RowBytes, RowMessage} from './row-message.ts';

/** What is done with the rows of a statement as they arrive. */
export type RowTaker<Row> = {
  /** Takes a row as it came, and tells whether it did: one that says what is known already need not be read. The bytes are good during the call only. */
  readonly takeUnread?: ((row: RowBytes) => boolean) | undefined;
  /** Takes any other row as an array of the server's texts, and the bytes it was read from, which are good during the call only. */
  readonly take: (row: Row, bytes: RowBytes) => void;
};

/** A statement with its parameters; `name` prepares it under that name at its first use. */
export type Statement = {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly name?: string | undefined;
};

/** What somebody threw, which may be anything. */
export type Thrown = {readonly error: unknown};

/** The driver's connection, as far as a query has to do with it. It keeps the texts of the prepared statements by their names. */
type DriverConnection = Connection & {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
};

/**
 * One statement as the driver asks it. The driver's own kind copies all rows, keeps them, and has the server describe the columns at
 * every use, which costs more than reading what is new. The names of the methods are the driver's.
 */
export class RowQuery<Row> {
  readonly text: string;
  readonly name: string | undefined;
  readonly #values: readonly unknown[];
  readonly #taker: RowTaker<Row>;
  readonly handleRowDescription = ignored;
  readonly handleCommandComplete = ignored;
  readonly handleEmptyQuery = ignored;
  readonly handlePortalSuspended = ignored;
  readonly handleCopyData = ignored;
  readonly #end = Promise.withResolvers<Thrown | null>();
  #thrown: Thrown | null = null;

  constructor({text, name, values}: Statement, taker: RowTaker<Row>) {
    this.text = text;
    this.name = name;
    this.#values = values;
    this.#taker = taker;
  }

  /**
   * Settles when the server has done with the statement: with what `take` threw, after which it gets no more rows; null when it threw nothing.
   * Rejects with DatabaseError, or with what ended the connection.
   */
  get end(): Promise<Thrown | null> {
    return this.#end.promise;
  }

  /** Sends it. Gives what was thrown instead, of which the driver tells the query then. */
  submit(connection: Connection): Error | null {
    const {stream} = connection;
    try {
      if (this.name === undefined && this.#values.length === 0) connection.query(this.text);
      else if (stream.writable) stream.write(Buffer.concat(this.#messages(connection as DriverConnection)));
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #messages({parsedStatements, submittedNamedStatements}: DriverConnection): readonly Buffer[] {
    const {name = '', text} = this;
    const bind = serialize.bind({
      statement: name,
      values: [...this.#values],
      valueMapper: prepareValue,
    });
    const asked = [bind, serialize.execute(), serialize.sync()];
    if (name !== '' && (name in parsedStatements || name in submittedNamedStatements)) return asked;
    if (name !== '') submittedNamedStatements[name] = text;
    return [serialize.parse({name, text}), ...asked];
  }

  handleDataRow(row: RowMessage): void {
    if (this.#thrown !== null) return;
    try {
      if (this.#taker.takeUnread?.(row) !== true) this.#taker.take(row.fields as Row, row);
    } catch (error) {
      this.#thrown = {error};
    }
  }

  handleError(error: Error): void {
    this.#end.reject(error);
  }

  handleCopyInResponse(connection: Connection & {sendCopyFail(message: string): void}): void {
    connection.sendCopyFail('there is nothing to copy');
  }

  handleReadyForQuery(): void {
    this.#end.resolve(this.#thrown);
  }
}

/** Takes a message that tells nothing new: which columns there are is known, and that the statement is over is said once more. */
function ignored(): undefined {
  return undefined;
}
