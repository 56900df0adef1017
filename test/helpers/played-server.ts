import {once} from 'node:events';
import {createServer, type Socket} from 'node:net';
import {join} from 'node:path';
import {COLUMN} from '../../source/postgres/queries/activity.ts';
import {int16, int32} from './wire-numbers.ts';

/** A row as the server prints it; null is NULL. */
export type Row = readonly (string | null)[];

/** A server that is played: it takes whatever is asked and answers with what it is given. */
export type PlayedServer = {stop(): void};

const READY = Buffer.from('I');
/** The pid of every session on a played server. */
export const OWN_PID = 4711;

/**
 * Plays a server of version 18 on the socket of a folder, port 5432, as far as a monitor asks: `answer` gives the rows of a statement beyond those that
 * tell what server it is. Everybody is let in.
 */
export async function playServer(
  folder: string,
  answer: (statement: string) => readonly Row[],
): Promise<PlayedServer> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    play(socket, statement => introduction(statement) ?? answer(statement));
  });
  server.listen(join(folder, '.s.PGSQL.5432'));
  await once(server, 'listening');
  return {
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** What the server is; null for another question. */
function introduction(statement: string): readonly Row[] | null {
  const [pid, version] = [String(OWN_PID), '180004'];
  if (statement.includes("current_setting('max_connections')"))
    return [[pid, '18.4', version, 'f', '100', 'monitor', 'postgres', '1', 'on', 't']];
  if (statement.includes("current_setting('server_version_num')")) return [[pid, version]];
  return statement.includes('pg_postmaster_start_time') ? [['1790000000000000', '77']] : null;
}

/** A row of the activity statement with these columns, at their places in COLUMN; all others are NULL. */
export function activityRow(columns: Partial<Record<keyof typeof COLUMN, string>>): Row {
  return Object.keys(COLUMN).map(name => columns[name as keyof typeof COLUMN] ?? null);
}

function play(socket: Socket, answer: (statement: string) => readonly Row[]): void {
  const statements = new Map<string, string>();
  let asked = '';
  let rest = Buffer.alloc(0);
  let isIn = false;
  const say = (kind: string, ...parts: readonly Buffer[]) => {
    const body = Buffer.concat(parts);
    socket.write(Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]));
  };
  const hear = (kind: string, body: Buffer) => {
    const [first = '', second = ''] = body.toString('latin1').split('\0');
    if (kind === 'P') statements.set(first, second);
    if (kind === 'B') asked = statements.get(second) ?? '';
    if (kind === 'D') say('T', ...description(answer(asked)[0]?.length ?? 0));
    if (kind === 'E') sayRows(say, answer(asked));
    if (kind === 'Q') {
      const rows = answer(first);
      say('T', ...description(rows[0]?.length ?? 0));
      sayRows(say, rows);
    }
    if (kind === 'S' || kind === 'Q') say('Z', READY);
    if (kind === 'X') socket.end();
  };
  socket.on('data', bytes => {
    rest = Buffer.concat([rest, bytes]);
    if (!isIn) {
      isIn = true;
      rest = rest.subarray(rest.readInt32BE(0));
      say('R', int32(0));
      say('K', int32(OWN_PID), int32(1));
      say('Z', READY);
    }
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1;
      hear(String.fromCharCode(rest[0] ?? 0), rest.subarray(5, end));
      rest = rest.subarray(end);
    }
  });
}

function sayRows(say: (kind: string, ...parts: readonly Buffer[]) => void, rows: readonly Row[]): void {
  for (const row of rows) {
    const values = row.map(value => {
      const bytes = Buffer.from(value ?? '');
      return value === null ? int32(-1) : Buffer.concat([int32(bytes.length), bytes]);
    });
    say('D', int16(row.length), ...values);
  }
  say('C', Buffer.from(`SELECT ${rows.length}\0`));
}

/** Columns of text without names. */
function description(count: number): readonly Buffer[] {
  const column = Buffer.concat([
    Buffer.from('c\0'),
    Buffer.alloc(6),
    int32(25),
    int16(-1),
    int32(-1),
    int16(0),
  ]);
  return [int16(count), ...Array<Buffer>(count).fill(column)];
}
