import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {type Connection, openConnection} from '../../source/postgres/connection.ts';
import {startPoller} from '../../source/postgres/poller.ts';
import {prepareMonitoring} from '../../source/postgres/prepare-monitoring.ts';
import type {Cluster} from '../helpers/cluster.ts';
import {heavyRounds, isRelease} from '../helpers/heavy-rounds.ts';
import {describeOnOwnServers, endpointOf} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {nextReadings, watch} from './watched-poller.ts';

/** How often each kind of restart is gone through on each major. */
const ROUNDS = heavyRounds(1, 2, 20);
/** From when the server is up until data is there; a busy machine takes its time. */
const MOST_BACK_MS = isRelease ? 2_000 : 10_000;
const RESTARTS = (['fast', 'immediate', 'crash'] as const).flatMap(mode =>
  Array.from({length: ROUNDS}, (_, round) => [mode, round + 1] as const),
);

async function backendsOf(cluster: Cluster, name: string): Promise<readonly number[]> {
  const control = await cluster.connect();
  const rows = await control.query<{pid: number}>(
    'SELECT pid FROM pg_stat_activity WHERE application_name = $1',
    [name],
  );
  control.end();
  return rows.map(({pid}) => pid);
}

/** Resolves when these sessions are all there are of a name: who is terminated says so before it is gone. */
async function untilLeft(cluster: Cluster, name: string, pids: readonly number[]): Promise<void> {
  await waitFor(
    `only ${pids.join() || 'nobody'} to be left of ${name}`,
    async () => (await backendsOf(cluster, name)).join() === pids.join(),
  );
}

/** Notes when each refresh asks its first question. */
function notingStarts(starts: number[]): (connection: Connection) => Connection {
  return connection => ({
    ...connection,
    async query<Row>(...asked: Parameters<Connection['query']>) {
      if (asked[2]?.name === 'pgtop_activity') starts.push(performance.now());
      return await connection.query<Row>(...asked);
    },
  });
}

describeOnOwnServers('a poller', cluster => {
  test.for(RESTARTS)(
    'comes back by itself after a restart of the server (%s, round %i)',
    async ([mode, round], context) => {
      const name = `restart ${mode} ${round}`;
      const watched = await watch(context, cluster(), name);
      const stopped = await watch(context, cluster(), 'stopped meanwhile');
      await nextReadings(watched, 2);
      await cluster().takeDown(mode);
      await waitFor('the failures', () => watched.failures.length > 0 && stopped.failures.length > 0);
      await stopped.poller.stop();
      await cluster().bringUp();
      const upAt = performance.now();
      await nextReadings(watched);
      const backMs = performance.now() - upAt;
      if (ROUNDS > 1) console.log(`back ${Math.round(backMs)} ms after the server (${mode})`);
      expect(backMs).toBeLessThan(MOST_BACK_MS);
      expect(watched.failures.map(({kind}) => kind)).toEqual(watched.failures.map(() => 'lost'));
      // A question that is on its way when the server hangs up fails before its last words are read.
      if (mode === 'fast')
        expect(watched.failures[0]?.message).toMatch(/administrator command|closed the connection/);
      expect(Math.max(...watched.failures.map(({retryInMs}) => retryInMs ?? 0))).toBeLessThanOrEqual(1_250);
      expect(watched.most.sessions).toBe(1);
      await untilLeft(cluster(), name, watched.pids.slice(-1));
      await nextReadings(watched, 3);
      expect(watched.pids).toHaveLength(2);
      expect(stopped.pids).toHaveLength(1);
      await untilLeft(cluster(), 'stopped meanwhile', []);
    },
  );

  test('keeps its session through a smart shutdown, which lets nobody else in', async context => {
    const watched = await watch(context, cluster(), 'smart');
    await nextReadings(watched);
    const pidFile = readFileSync(join(cluster().socketFolder, 'data', 'postmaster.pid'), 'utf8');
    process.kill(Number(pidFile.split('\n')[0]), 'SIGTERM');
    const refused = await waitFor('the shutdown', () =>
      cluster()
        .connect()
        .then(
          session => void session.end(),
          (error: unknown) => error,
        ),
    );
    expect(refused).toMatchObject({code: '57P03', message: 'the database system is shutting down'});
    await nextReadings(watched, 5);
    expect([watched.failures, watched.pids.length]).toEqual([[], 1]);
    await cluster().takeDown('fast');
    await cluster().bringUp();
    await nextReadings(watched);
  });

  test('opens another session when its own is terminated, and says what happened', async context => {
    // So seldom that no question is on its way behind a reading, which would fail before the server's last words are read.
    const watched = await watch(context, cluster(), 'terminated', {intervalMs: 60_000});
    const control = await cluster().connect();
    for (let round = 1; round <= 3; round++) {
      await waitFor('its reading', () => watched.readings.at(-1)?.reading.own.pid === watched.pids.at(-1));
      await control.query('SELECT pg_terminate_backend($1)', [watched.pids.at(-1)]);
      await waitFor('another session', () => watched.pids.length === round + 1);
    }
    await waitFor('the last reading', () => watched.readings.at(-1)?.reading.own.pid === watched.pids.at(-1));
    expect(watched.failures).toEqual(
      [1, 2, 3].map(() => ({
        kind: 'lost',
        // A question that crosses the goodbye on its way gets the words of the system.
        message: expect.stringMatching(
          /^(terminating connection due to administrator command|the other side closed the connection \((read|write) E\w+\))$/,
        ),
        retryInMs: expect.any(Number),
      })),
    );
    expect(watched.most.sessions).toBe(1);
    await untilLeft(cluster(), 'terminated', watched.pids.slice(-1));
  });

  test('tries seldom where it is refused, and at once when it is told to', async context => {
    const control = await cluster().connect();
    await control.query('CREATE ROLE banned LOGIN');
    const watched = await watch(context, cluster(), 'banned', {user: 'banned'});
    await nextReadings(watched);
    await control.query('ALTER ROLE banned NOLOGIN');
    await control.query('SELECT pg_terminate_backend($1)', [watched.pids[0]]);
    const refused = await waitFor('the refusal', () => watched.failures.find(({kind}) => kind === 'refused'));
    expect(refused.message).toMatch(/not permitted to log in/);
    expect(refused.retryInMs).toBeGreaterThanOrEqual(5_000);
    // Only who asks for it has the role tried again: many a server locks one after some tries.
    const tried = watched.failures.length;
    for (const ask of [() => watched.poller.setIntervalMs(40), () => watched.poller.look()]) {
      ask();
      await expect(openConnection(endpointOf(cluster(), {user: 'banned'}))).rejects.toThrow(/not permitted/);
      expect(watched.failures).toHaveLength(tried);
    }
    await control.query('ALTER ROLE banned LOGIN');
    watched.poller.refresh();
    await nextReadings(watched);
  });

  test('stays on its session when one refresh fails, and says so', async context => {
    let isRefused = false;
    const wrap = (connection: Connection): Connection => ({
      ...connection,
      query: (statement, values, options) =>
        isRefused ? connection.query('SELECT 1 / 0') : connection.query(statement, values, options),
    });
    const watched = await watch(context, cluster(), 'late', {wrap});
    await nextReadings(watched);
    isRefused = true;
    const late = await waitFor('the failure', () => watched.failures[0]);
    isRefused = false;
    expect(late).toEqual({kind: 'late', message: 'division by zero', retryInMs: expect.any(Number)});
    await nextReadings(watched);
    expect(watched.pids).toHaveLength(1);
    watched.poller.setIntervalMs(60_000);
    isRefused = true;
    watched.poller.refresh();
    const rare = await waitFor('another one', () =>
      watched.failures.find(({retryInMs}) => retryInMs !== late.retryInMs),
    );
    isRefused = false;
    expect(rare.retryInMs).toBeLessThanOrEqual(5_000);
  });

  test('leaves no session behind when it is stopped, idle or in the middle of a refresh', async context => {
    for (const intervalMs of [60_000, 1]) {
      const watched = await watch(context, cluster(), 'stopped', {intervalMs});
      await nextReadings(watched, 1);
      const readings = watched.readings.length;
      await watched.poller.stop();
      await untilLeft(cluster(), 'stopped', []);
      expect(watched.failures).toEqual([]);
      expect(watched.readings.length).toBeLessThanOrEqual(readings + 1);
      await expect(watched.poller.ask(async () => 1)).rejects.toThrow('not connected');
    }
  });

  test('refreshes once more when it was told to during a refresh', async context => {
    let gate: Promise<void> = Promise.resolve();
    const reached: number[] = [];
    const wrap = (connection: Connection): Connection => ({
      ...connection,
      async query<Row>(...asked: Parameters<Connection['query']>) {
        if (asked[2]?.name === 'pgtop_activity') {
          reached.push(performance.now());
          await gate;
        }
        return await connection.query<Row>(...asked);
      },
    });
    const watched = await watch(context, cluster(), 'told', {intervalMs: 60_000, wrap});
    // The first ones come by themselves.
    for (let refresh = 0; refresh < 8; refresh++) {
      watched.poller.refresh();
      await nextReadings(watched);
    }
    const [asked, told] = [reached.length, watched.readings.length];
    const held = Promise.withResolvers<void>();
    gate = held.promise;
    watched.poller.refresh();
    await waitFor('the refresh to begin', () => reached.length === asked + 1);
    watched.poller.refresh();
    watched.poller.refresh();
    gate = Promise.resolve();
    held.resolve();
    await waitFor('one refresh more', () => watched.readings.length === told + 2);
    expect(reached).toHaveLength(asked + 2);
  });

  test('refreshes at its interval, never two at once', async context => {
    const starts: number[] = [];
    const watched = await watch(context, cluster(), 'interval', {
      intervalMs: 200,
      wrap: notingStarts(starts),
    });
    await nextReadings(watched, 10);
    const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    // A machine that does other things may be late for some, and for none too early on the whole.
    expect(Math.min(...gaps)).toBeLessThan(300);
    expect((starts[9] ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(9 * 200 - 100);
    watched.poller.setIntervalMs(20);
    await nextReadings(watched, 10);
    expect(watched.most).toEqual({sessions: 1, questions: 1});
  });

  test('asks more seldom while that is too dear for the server, at once when told to, and as wanted afterwards', {
    timeout: 180_000,
  }, async context => {
    let isDear = true;
    const starts: number[] = [];
    const wrap = (connection: Connection): Connection => ({
      ...connection,
      async query<Row>(...asked: Parameters<Connection['query']>) {
        const isRefresh = asked[2]?.name === 'pgtop_activity';
        if (isRefresh) starts.push(performance.now());
        if (isDear && isRefresh) await connection.query('SELECT pg_sleep(0.4)');
        return await connection.query<Row>(...asked);
      },
    });
    const watched = await watch(context, cluster(), 'dear', {intervalMs: 3_000, wrap});
    const {poller, readings} = watched;
    const slowedMs = () => readings.at(-1)?.cost.slowedMs;
    while ((slowedMs() ?? 0) < 4_000) {
      poller.refresh();
      await nextReadings(watched);
    }
    // The first of them may have been told still.
    const told = readings.length;
    await waitFor('two refreshes by themselves', () => readings.length >= told + 2, 60_000);
    const gapOf = (index: number) => (starts.at(index) ?? 0) - (starts.at(index - 1) ?? 0);
    expect(gapOf(-1)).toBeGreaterThan(3_500);
    isDear = false;
    const tookMs: number[] = [];
    while ((slowedMs() ?? null) !== null) {
      const askedAt = performance.now();
      poller.refresh();
      await nextReadings(watched);
      tookMs.push(performance.now() - askedAt);
    }
    expect(Math.min(...tookMs)).toBeLessThan(3_500);
    // A machine that does other things may be late once.
    await waitFor(
      'refreshes as far apart as wanted',
      async () => {
        await nextReadings(watched);
        return slowedMs() === null && gapOf(-1) < 3_900;
      },
      60_000,
    );
    const {cost} = readings.at(-1) ?? expect.fail('no data');
    expect(cost.bytes).toBeGreaterThan(200);
  });

  test('hands over a mistake of the program itself, and ends', async () => {
    const open = () => openConnection(endpointOf(cluster(), {applicationName: 'mistaken'}));
    const bug = new TypeError('a mistake');
    const bugs = Promise.withResolvers<unknown>();
    const poller = startPoller(await prepareMonitoring(open), open, 20, {
      onReading: () => {
        throw bug;
      },
      onFailure: bugs.resolve,
      onBug: bugs.resolve,
    });
    expect(await bugs.promise).toBe(bug);
    await poller.stop();
  });

  test('answers questions between refreshes, and is a session that the readings do not have', async context => {
    const watched = await watch(context, cluster(), 'asked', {intervalMs: 20});
    await nextReadings(watched);
    const answers = [];
    for (let turn = 0; turn < 20; turn++) {
      answers.push(
        await watched.poller.ask(({connection}) =>
          connection.query<readonly [string]>('SELECT pg_backend_pid()'),
        ),
      );
    }
    expect(new Set(answers.flat(2))).toEqual(new Set([String(watched.pids[0])]));
    await nextReadings(watched);
    for (const {reading} of watched.readings) {
      expect(reading.backends.filter(({applicationName}) => applicationName === 'asked')).toEqual([]);
    }
  });
});
