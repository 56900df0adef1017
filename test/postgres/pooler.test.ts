import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {type Connection, openConnection} from '../../source/postgres/connection.ts';
import {PoolerInBetween} from '../../source/postgres/pooler.ts';
import {prepareSession, UnsupportedServer} from '../../source/postgres/session-recipe.ts';
import {buildIfMissing, runPgtop} from '../commands/run-pgtop.ts';
import {openPgtop} from '../e2e/pgtop.ts';
import {type Cluster, sharedCluster, type TestSession} from '../helpers/cluster.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {closeMonitors, openMonitor} from '../helpers/monitoring.ts';
import {type PgBouncer, pgbouncerProgram, startPgbouncer} from '../helpers/pgbouncer.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {type FakeServer, startFakeServer} from './libpq/fake-server.ts';

/** What a session on such a server makes of being prepared, and every statement that was asked on the way. */
async function prepare(
  role: Omit<FakeServer, 'name' | 'at'>,
): Promise<{error: unknown; asked: readonly string[]}> {
  const asked: string[] = [];
  const answer = (query: string) => {
    asked.push(query);
    return role.answer?.(query) ?? [];
  };
  const server = await startFakeServer({...role, name: 'x', at: {host: '127.0.0.1'}, answer}, []);
  onTestFinished(() => server.stop());
  const connection: Connection = await openConnection({
    host: '127.0.0.1',
    port: server.port,
    user: 'u',
    database: 'd',
    password: undefined,
    applicationName: 'pgtop',
    options: undefined,
    connectTimeoutMs: 20_000,
    keepAliveIdleMs: null,
    tls: false,
  });
  const error = await prepareSession(connection).then(
    () => null,
    (reason: unknown) => reason,
  );
  await connection.close();
  return {error, asked};
}

/** A pooler that passes statements on to a server at this address, whose backend has pid 99. */
const passingOn =
  (...address: readonly (string | null)[]) =>
  (query: string) =>
    query.includes('inet_server_addr') ? address : ['99', '180004'];

describe('a pooler in between', () => {
  test.each([
    [
      true,
      ['10.0.0.5', '5432'],
      'PgBouncer answers here, not the server itself',
      /at 10\.0\.0\.5:5432, .*pgtop -h 10\.0\.0\.5 -p 5432/,
    ],
    [
      false,
      ['10.0.0.5', '5433'],
      'a connection pooler answers here, not the server itself',
      /pgtop -h 10\.0\.0\.5 -p 5433/,
    ],
    [
      true,
      [null, null],
      'PgBouncer answers here, not the server itself',
      /on the pooler's machine, at its socket/,
    ],
  ])(
    'that is PgBouncer (%s) before %j is told by the pid',
    async (refusesOptions, address, message, hint) => {
      const {error, asked} = await prepare({refusesOptions, answer: passingOn(...address)});
      expect(error).toBeInstanceOf(PoolerInBetween);
      expect(error).toMatchObject({
        message,
        hint: expect.stringMatching(hint),
        pooler: refusesOptions ? 'PgBouncer' : null,
      });
      expect(asked.filter(query => /\bSET\b/.test(query))).toEqual([]);
    },
  );

  test('is told by its admin console, with its version', async () => {
    const answer = (query: string) =>
      query === 'SHOW VERSION' ? ['PgBouncer 1.18.0'] : {code: '08P01', message: 'invalid command'};
    const {error} = await prepare({answer});
    expect(error).toBeInstanceOf(PoolerInBetween);
    expect(error).toMatchObject({
      message: 'the database d is the admin console of PgBouncer 1.18.0, not of a server',
    });
  });

  test('is not suspected where the server says no to the first statement', async () => {
    const {error} = await prepare({answer: () => ({code: '57014', message: 'canceling statement'})});
    expect(error).toMatchObject({code: '57014'});
  });
});

test('a server older than 10 is told so', async () => {
  const {error} = await prepare({answer: () => ['4711', '90624']});
  expect(error).toBeInstanceOf(UnsupportedServer);
  expect(error).toMatchObject({message: 'this is PostgreSQL 9.6; pgtop needs 10 or later'});
});

const major = Math.max(...majors);
const program = pgbouncerProgram();
const POLLS = heavyRounds(20, 100, 1_000);

// Tests that are not declared are not counted as skipped: whoever has no PgBouncer misses nothing that could be had otherwise.
if (program === null)
  console.warn('no pgbouncer in PATH or /usr/sbin: pgtop is not tried through a real one');
else if (programsOfMajor(major) !== null) describeThroughPgbouncer(program);

function describeThroughPgbouncer(path: string): void {
  describe(`through a real PgBouncer in transaction mode, to PostgreSQL ${major}`, () => {
    let server: Cluster;
    let pooler: PgBouncer;
    const through = (): Cluster => ({...server, ...pooler});

    beforeAll(async () => {
      await buildIfMissing();
      server = await sharedCluster(major);
      pooler = await startPgbouncer(path, server);
    });
    afterAll(async () => {
      await closeMonitors(through());
      await pooler.stop();
      await server.stop();
    });

    /** What another client finds set, of all that pgtop sets for itself. */
    const settingsOf = async (client: TestSession) => {
      const [row] = await client.query(
        `SELECT pg_backend_pid() AS pid, current_setting('lock_timeout') AS lock_timeout,
                current_setting('statement_timeout') AS statement_timeout,
                current_setting('default_transaction_read_only') AS read_only, current_setting('search_path') AS search_path`,
      );
      return row;
    };
    const refusal = async () => {
      const error = await openMonitor(through()).catch((reason: unknown) => reason);
      await closeMonitors(through());
      return error;
    };

    test(`it is told, and other clients' settings stay as they are (${POLLS})`, {
      timeout: 60_000 + POLLS * 100,
    }, async () => {
      const client = await server.connect(pooler);
      const before = await settingsOf(client);
      const [shown] = await client.query('SHOW lock_timeout');
      expect(shown).toEqual({lock_timeout: '0'});
      for (let poll = 0; poll < POLLS; poll++) {
        const error = await refusal();
        expect(error).toBeInstanceOf(PoolerInBetween);
        expect(error).toMatchObject({
          message: 'PgBouncer answers here, not the server itself',
          pooler: 'PgBouncer',
        });
        // One session of the server for all: this client is in the one that pgtop has just been in.
        expect(await client.query('SHOW lock_timeout')).toEqual([shown]);
      }
      expect(await settingsOf(client)).toEqual(before);
    });

    test('commands and the monitor say so and end with code 1', async () => {
      const client = await server.connect(pooler);
      const before = await settingsOf(client);
      const [terminate, doctor] = await Promise.all([
        runPgtop(through(), ['terminate', '2000000000', '--yes', '--audit-log', 'none']),
        runPgtop(through(), ['doctor']),
      ]);
      expect([terminate.code, terminate.stdout, terminate.stderr]).toEqual([
        1,
        '',
        expect.stringMatching(/^pgtop: PgBouncer answers here, not the server itself$/m),
      ]);
      expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringContaining('PgBouncer answers here')]);
      const terminal = await openPgtop(through());
      await terminal.waitFor('PgBouncer answers here, not the server itself');
      expect(await terminal.exit()).toEqual({code: 1, signal: null, leftovers: []});
      expect(await settingsOf(client)).toEqual(before);
    });

    test('its admin console is told, with its version', async () => {
      const error = await openMonitor(through(), {database: 'pgbouncer'}).catch((reason: unknown) => reason);
      await closeMonitors(through());
      expect(error).toMatchObject({
        message: expect.stringMatching(/pgbouncer is the admin console of PgBouncer \d/),
      });
    });

    test('it is told as a pooler where it lets options pass', async () => {
      const lenient = await startPgbouncer(path, server, ['ignore_startup_parameters = options']);
      onTestFinished(() => lenient.stop());
      const client = await server.connect(lenient);
      const before = await settingsOf(client);
      const error = await openMonitor({...server, ...lenient}).catch((reason: unknown) => reason);
      await closeMonitors({...server, ...lenient});
      expect(error).toMatchObject({message: 'a connection pooler answers here, not the server itself'});
      expect(await settingsOf(client)).toEqual(before);
    });
  });
}
