import {once} from 'node:events';
import {createServer, type Server, type Socket} from 'node:net';
import {afterEach, beforeAll, describe, expect, test} from 'vitest';
import {type Connection, openConnection} from '../../source/postgres/connection.ts';
import {PasswordRequired, StatementTimeout} from '../../source/postgres/sql-state.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers, endpointOf} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

describe('a connection to what is no PostgreSQL', () => {
  const servers: {readonly server: Server; readonly sockets: Socket[]}[] = [];
  /** The port of a server that says only this to whoever speaks to it. */
  const portOf = async (answer: Buffer | null): Promise<number> => {
    const sockets: Socket[] = [];
    const server = createServer(socket => {
      sockets.push(socket);
      socket.on('data', () => answer !== null && socket.write(answer));
      socket.on('error', () => socket.destroy());
    });
    servers.push({server, sockets});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  };
  const open = (port: number, connectTimeoutMs = 20_000) =>
    openConnection({
      host: '127.0.0.1',
      port,
      user: 'alice',
      database: 'shop',
      password: undefined,
      applicationName: 'test',
      options: undefined,
      connectTimeoutMs,
      keepAliveIdleMs: null,
      tls: false,
    });

  afterEach(() => {
    for (const {server, sockets} of servers.splice(0)) {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  test('is given up when nothing answers in time', async () => {
    const opening = open(await portOf(null), 150);
    await expect(opening).rejects.toThrow(StatementTimeout);
    await expect(opening).rejects.toThrow('no answer from 127.0.0.1 within 0.15 s');
  });

  test('asks for a password when one is wanted and none is there', async () => {
    const cleartextPassword = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);
    await expect(open(await portOf(cleartextPassword))).rejects.toThrow(PasswordRequired);
  });

  test('fails with the code of the system when nobody listens', async () => {
    const port = await portOf(null);
    const [closed] = servers.splice(0);
    closed?.server.close();
    await expect(open(port)).rejects.toMatchObject({code: 'ECONNREFUSED'});
  });
});

describeOnSharedServers('a connection', cluster => {
  let control: TestSession;

  const open = (): Promise<Connection> => openConnection(endpointOf(cluster()));
  const isThere = async ({processId}: Connection) =>
    (await control.query('SELECT FROM pg_stat_activity WHERE pid = $1', [processId])).length > 0;

  beforeAll(async () => {
    control = await cluster().connect();
  });

  test("answers with rows of the server's text", async () => {
    const connection = await open();
    expect(await connection.query("SELECT 1, true, NULL, now() > 'epoch', '{1,2}'::int[]")).toEqual([
      ['1', 't', null, 't', '{1,2}'],
    ]);
    expect(await connection.query('SELECT $1::int + 1', [41])).toEqual([['42']]);
    expect(connection.processId).toBeGreaterThan(0);
    await connection.close();
  });

  test('prepares a named statement once', async () => {
    const connection = await open();
    for (let turn = 0; turn < 3; turn++) await connection.query('SELECT 1', [], {name: 'one'});
    expect(await connection.query('SELECT name FROM pg_prepared_statements')).toEqual([['one']]);
    await connection.close();
  });

  test('hands over the last warning once', async () => {
    const connection = await open();
    await connection.query('SELECT pg_cancel_backend(0)');
    expect(connection.takeNotice()).toMatch(/^PID 0 is not a PostgreSQL/);
    expect(connection.takeNotice()).toBeNull();
    await connection.close();
  });

  test('takes questions while another is being answered, in their order and without a complaint', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const connection = await open();
    const answers = await Promise.all([1, 2, 3, 4].map(n => connection.query(`SELECT ${n}`)));
    expect(answers.flat(2)).toEqual(['1', '2', '3', '4']);
    await connection.close();
    process.off('warning', onWarning);
    expect(warnings.map(String)).toEqual([]);
  });

  test('is given up when a statement is not answered in time', async () => {
    const connection = await open();
    const question = connection.query('SELECT pg_sleep(60)', [], {timeoutMs: 60});
    await expect(question).rejects.toThrow(StatementTimeout);
    await connection.ended;
    await expect(connection.query('SELECT 1')).rejects.toThrow();
    await control.query('SELECT pg_terminate_backend($1)', [connection.processId]);
  });

  test('hears an answer that came in time though this process stood still until its end', async () => {
    const connection = await openConnection(endpointOf(cluster()));
    const answer = connection.query("SELECT pg_sleep(0.2), 'here'", [], {timeoutMs: 400});
    // A question is sent behind what the server may have said before.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    expect(await answer).toEqual([['', 'here']]);
    await connection.close();
  });

  test('goes on after an error of one statement', async () => {
    const connection = await open();
    await expect(connection.query('SELECT 1 / 0')).rejects.toMatchObject({code: '22012'});
    expect(await connection.query('SELECT 1')).toEqual([['1']]);
    await connection.close();
  });

  test('says why it ended when the server ended it, idle as well as busy', async () => {
    const idle = await open();
    const busy = await open();
    const answer = busy.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
    expect(idle.endReason()).toBeNull();
    for (const {processId} of [idle, busy])
      await control.query('SELECT pg_terminate_backend($1)', [processId]);
    await Promise.all([idle.ended, busy.ended]);
    expect(idle.endReason()).toMatchObject({code: '57P01'});
    expect(await answer).toMatchObject({code: '57P01'});
    await Promise.all([idle.close(), busy.close()]);
  });

  test('leaves no backend behind when it is closed, idle as well as busy', async () => {
    const [idle, busy] = [await open(), await open()];
    const answer = busy.query('SELECT pg_sleep(0.3)').catch((error: unknown) => error);
    await Promise.all([idle.close(), busy.close()]);
    expect(await answer).toBeInstanceOf(Error);
    await waitFor('the backends to go', async () => !(await isThere(idle)) && !(await isThere(busy)));
  });

  test('is closed in a moment even when its backend does not answer', async () => {
    // A machine that does other things may take its time once.
    const tookMs: number[] = [];
    while (tookMs.length < 5 && !tookMs.some(ms => ms < 1_000)) {
      const connection = await open();
      process.kill(connection.processId, 'SIGSTOP');
      try {
        const startedAt = performance.now();
        await connection.close();
        tookMs.push(performance.now() - startedAt);
      } finally {
        process.kill(connection.processId, 'SIGCONT');
      }
      await waitFor('the backend to go', async () => !(await isThere(connection)));
    }
    expect(Math.min(...tookMs)).toBeLessThan(1_000);
  });
});
