import type {Duplex} from 'node:stream';
import {Parser} from 'pg-protocol/dist/parser.js';

/** A row as it travelled: the body of a DataRow message, from `start` to `end` of `bytes`, which hold other messages too. */
export type RowBytes = {readonly bytes: Buffer; readonly start: number; readonly end: number};

/** What the driver's parser makes of a message from the server. */
type Message = {readonly name: string; length: number};

/** The driver's parser, with the method that its types keep to themselves. */
type MessageParser = {
  parse(buffer: Buffer, callback: (message: Message) => void): void;
  handlePacket(start: number, code: number, length: number, bytes: Buffer): Message;
};
const DriverParser = Parser as unknown as new () => MessageParser;

/** The driver's connection, as far as it matters here. */
type DriverConnection = {
  attachListeners(stream: Duplex): void;
  emit(event: string, message: Message): boolean;
};

const DATA_ROW = 'D'.charCodeAt(0);
/** The length of a message counts its own bytes. */
const LENGTH_BYTES = 4;

const NOTHING = Buffer.alloc(0);

/** A message with a row, which is read when somebody asks for its fields. There is one of them, good until the next row. */
export class RowMessage implements RowBytes {
  readonly name = 'dataRow';
  length = 0;
  bytes: Buffer = NOTHING;
  start = 0;
  end = 0;

  /** The texts of the columns; null for NULL. */
  get fields(): readonly (string | null)[] {
    const {bytes} = this;
    const fields = new Array<string | null>(bytes.readInt16BE(this.start));
    let at = this.start + 2;
    for (let column = 0; column < fields.length; column++) {
      const length = bytes.readInt32BE(at);
      at += 4;
      fields[column] = length === -1 ? null : textOf(bytes, at, length);
      at += Math.max(length, 0);
    }
    return fields;
  }
}

/** A refresh has thousands of texts, many of them a letter or nothing: to have each decoded outside costs more than all else about a row. */
function textOf(bytes: Buffer, at: number, length: number): string {
  if (length === 0) return '';
  const first = bytes[at] ?? 0;
  return length === 1 && first < 128 ? String.fromCharCode(first) : bytes.toString('utf8', at, at + length);
}

class RowParser extends DriverParser {
  readonly #row = new RowMessage();

  override handlePacket(start: number, code: number, length: number, bytes: Buffer): Message {
    if (code !== DATA_ROW) {
      this.#row.bytes = NOTHING;
      return super.handlePacket(start, code, length, bytes);
    }
    return Object.assign(this.#row, {bytes, start, end: start + length - LENGTH_BYTES, length});
  }
}

/** Has a client, not connected yet, leave rows as they came until somebody reads them: most say what the ones before them said. */
export function readRowsWhenAsked(client: object): void {
  const {connection} = client as {connection: DriverConnection};
  connection.attachListeners = stream => {
    const parser = new RowParser();
    stream.on('data', (buffer: Buffer) =>
      parser.parse(buffer, message =>
        connection.emit(message.name === 'error' ? 'errorMessage' : message.name, message),
      ),
    );
  };
}
