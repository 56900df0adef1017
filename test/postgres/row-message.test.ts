import {EventEmitter} from 'node:events';
import {PassThrough} from 'node:stream';
import {Parser} from 'pg-protocol/dist/parser.js';
import {describe, expect, test} from 'vitest';
import {copyOf, isCopyOf, isPidOnly, pidOf} from '../../source/postgres/row-bytes.ts';
import {RowMessage, readRowsWhenAsked} from '../../source/postgres/row-message.ts';
import {type Random, randomFrom} from '../helpers/random.ts';

type Field = string | null;

const message = (code: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5, code);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

/** The body of a DataRow message. */
function bodyOf(fields: readonly Field[]): Buffer {
  const number = (value: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeIntBE(value, 0, bytes);
    return buffer;
  };
  const columns = fields.map(field =>
    field === null ? number(-1, 4) : Buffer.concat([number(Buffer.byteLength(field), 4), Buffer.from(field)]),
  );
  return Buffer.concat([number(fields.length, 2), ...columns]);
}

const TEXTS: readonly [Field, ...Field[]] = [
  null,
  '',
  '0',
  '4711',
  'idle',
  'Grüße, 日本 🐘',
  'x'.repeat(300),
];
const randomFields = ({below, pick}: Random) => Array.from({length: below(6)}, () => pick(TEXTS));

/** A row as a message has it, with other bytes around. */
function rowOf(fields: readonly Field[]): RowMessage {
  const body = bodyOf(fields);
  const bytes = Buffer.concat([Buffer.alloc(7, 1), body, Buffer.alloc(3, 2)]);
  return Object.assign(new RowMessage(), {bytes, start: 7, end: 7 + body.length});
}

describe('messages are told as by the parser of the driver', () => {
  test('however the bytes of random rows are cut', async () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = randomFrom(seed);
      const messages = Array.from({length: 1 + random.below(8)}, () =>
        random.below(4) === 0
          ? message('C', Buffer.from('SELECT 1\0'))
          : message('D', bodyOf(randomFields(random))),
      );
      const bytes = Buffer.concat(messages);
      const [expected, told]: [unknown[], unknown[]] = [[], []];
      const note = (list: unknown[]) => (each: object) => {
        const {name, length} = each as {name: string; length: number};
        list.push({name, length, ...('fields' in each ? {fields: each.fields} : {})});
      };
      new Parser().parse(Buffer.from(bytes), note(expected));

      const connection = Object.assign(new EventEmitter(), {attachListeners: (_: PassThrough) => undefined});
      for (const name of ['dataRow', 'commandComplete']) connection.on(name, note(told));
      readRowsWhenAsked({connection});
      const stream = new PassThrough();
      connection.attachListeners(stream);
      for (let at = 0; at < bytes.length; ) {
        const to = at + 1 + random.below(40);
        stream.write(bytes.subarray(at, to));
        at = to;
      }
      stream.end();
      await new Promise(resolve => stream.on('end', resolve));
      expect(told, `seed ${seed}`).toEqual(expected);
    }
  });
});

describe('a row of the activity statement, unread', () => {
  test.each<[string, number | null, readonly Field[]]>([
    ['has its pid behind the clock, which is NULL', 4711, [null, '4711', '5', '10', 'psql', 'idle']],
    ["is the monitor's own with a clock", null, ['2026-01-01', '4711', '5', '10', 'psql', 'idle']],
  ])('%s', (_, pid, fields) => expect(pidOf(rowOf(fields))).toBe(pid));

  test.each<[boolean, readonly Field[]]>([
    [true, [null, '4711', null, null, null, null]],
    [false, [null, '4711', '5', '10', '', null]],
    [false, [null, '4711', null, null, '', null]],
    [false, [null, '4711', null, '10', 'psql', null]],
  ])('has nothing but a pid: %s for %j', (expected, fields) => {
    expect(isPidOnly(rowOf(fields))).toBe(expected);
  });

  test('is known by a copy to the byte', () => {
    const copy = copyOf(rowOf([null, '4711', '5', 'idle']));
    expect(isCopyOf(copy, rowOf([null, '4711', '5', 'idle']))).toBe(true);
    expect(isCopyOf(copy, rowOf([null, '4711', '5', 'idlf']))).toBe(false);
    expect(isCopyOf(copy, rowOf([null, '4711', '5', 'idle', null]))).toBe(false);
    expect(isCopyOf(null, rowOf([null, '4711', '5', 'idle']))).toBe(false);
  });
});
