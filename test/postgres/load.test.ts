import {readFileSync} from 'node:fs';
import {connect, type Socket} from 'node:net';
import {expect, test} from 'vitest';
import {averageOver, WAIT_CLASSES} from '../../source/model/load.ts';
import {loadShares} from '../../source/model/load-shares.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import {lineText} from '../../source/state/line.ts';
import {loadLines} from '../../source/state/load-lines.ts';
import type {State} from '../../source/state/state.ts';
import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {describeOnOwnServers, openMonitor, takeSnapshot, untilWaiting} from '../helpers/monitoring.ts';
import {blankState, collect} from '../helpers/states.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** Seconds of staged waits. */
const SECONDS = heavyRounds(5, 5, 60);

/** A share of time that a session sleeps, the rest of which it computes, in cycles that no poll keeps step with. */
const ALTERNATE = (asleep: number) =>
  `DO $$ DECLARE cycle float8; until timestamptz; BEGIN LOOP
     cycle := 0.05 + random() * 0.1;
     PERFORM pg_sleep(cycle * ${asleep});
     until := clock_timestamp() + make_interval(secs => cycle * ${1 - asleep});
     WHILE clock_timestamp() < until LOOP NULL; END LOOP;
   END LOOP; END $$`;

/** A session that copies rows which its client never sends: to the server it waits for the client. */
function stallClient({socketFolder, port, user, database}: Cluster): Socket {
  const terminated = (text: string) => Buffer.from(`${text}\0`);
  const framed = (type: string, body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  const version = Buffer.from([0, 3, 0, 0]);
  const names = ['user', user, 'database', database, 'application_name', 'stalled', ''].map(terminated);
  const socket = connect(`${socketFolder}/.s.PGSQL.${port}`);
  socket.write(framed('', Buffer.concat([version, ...names])));
  socket.write(framed('Q', terminated('COPY orders_copy FROM STDIN')));
  return socket;
}

/** A session that is stopped in the middle of a read from disk: to the server it waits for IO until it goes on. */
async function stallRead(cluster: Cluster, control: TestSession): Promise<() => void> {
  const reader = await cluster.connect();
  void reader.backgroundQuery('DO $$ BEGIN LOOP PERFORM count(*) FROM wide; END LOOP; END $$');
  const isReading = async () => {
    const rows = await control.query(
      "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'IO'",
      [reader.pid],
    );
    return rows.length > 0;
  };
  await waitFor(
    'a read to be stopped in',
    async () => {
      if (!(await isReading())) return false;
      process.kill(reader.pid, 'SIGSTOP');
      await waitFor('it to stop', () => /\) T /.test(readFileSync(`/proc/${reader.pid}/stat`, 'utf8')));
      if (await isReading()) return true;
      process.kill(reader.pid, 'SIGCONT');
      return false;
    },
    60_000,
  );
  return () => void process.kill(reader.pid, 'SIGCONT');
}

/** Two wait for a lock, one for its client, one for a disk, one sleeps, and one sleeps three quarters of its time and computes the rest. What is returned ends it. */
async function stage(cluster: Cluster): Promise<() => void> {
  const session = () => cluster.connect();
  const [holder, control, sleeper, changer] = [
    await session(),
    await session(),
    await session(),
    await session(),
  ];
  await control.query('CREATE TABLE orders (id int)');
  await control.query('CREATE TABLE orders_copy (id int)');
  await control.query("CREATE TABLE wide AS SELECT repeat('x', 900) FROM generate_series(1, 40000)");
  // What is written once more only to be marked would be waited for too.
  await control.query('VACUUM wide');
  await control.query('CHECKPOINT');
  await holder.query('BEGIN; LOCK TABLE orders');
  for (const waiter of [await session(), await session()]) {
    void waiter.backgroundQuery('SELECT * FROM orders');
    await untilWaiting(control, waiter.pid);
  }
  const stalled = stallClient(cluster);
  await waitFor('the copy to wait for its client', async () => {
    const rows = await control.query(
      "SELECT FROM pg_stat_activity WHERE application_name = 'stalled' AND state = 'active' AND wait_event_type = 'Client'",
    );
    return rows.length > 0;
  });
  void sleeper.backgroundQuery('SELECT pg_sleep(600)');
  void changer.backgroundQuery(ALTERNATE(0.75));
  const goOn = await stallRead(cluster, control);
  return () => {
    goOn();
    stalled.destroy();
  };
}

/** A screen that has seen so many seconds of a server, many times a second. */
async function watch(monitor: PreparedSession, seconds: number): Promise<{state: State; samples: number}> {
  let state = blankState({columns: 160, rows: 40, loadHeight: 'high'});
  let samples = 0;
  const endsAt = performance.now() + seconds * 1_000;
  while (performance.now() < endsAt) {
    state = collect(state, await takeSnapshot(monitor));
    samples++;
    await new Promise(resolve => setTimeout(resolve, 20 + Math.random() * 30));
  }
  return {state, samples};
}

describeOnOwnServers(
  'the load of staged waits',
  cluster => {
    test(
      'has the shares of the classes within the error of the samples',
      async ({onTestFinished}) => {
        onTestFinished(await stage(cluster()));
        const monitor = await openMonitor(cluster());
        const expected = {CPU: 0.25, IO: 1, Lock: 2, LWLock: 0, Client: 1, IPC: 0, Timeout: 1.75, other: 0};
        const watchOnce = async () => {
          const {state, samples} = await watch(monitor, SECONDS);
          const now = averageOver(state.load, state.load.length);
          const of = (name: (typeof WAIT_CLASSES)[number]) => now[WAIT_CLASSES.indexOf(name)] ?? -1;
          // Four standard errors of a share of samples, and two per cent for a machine that does other things.
          const error = 4 * Math.sqrt((0.75 * 0.25) / samples) + 0.02;
          console.info(
            `${samples} samples: ${WAIT_CLASSES.map(name => `${name} ${of(name).toFixed(3)}`).join(' ')}`,
          );
          expect(now.reduce((sum, each) => sum + each, 0)).toBeCloseTo(6, 6);
          expect([of('Lock'), of('Client')]).toEqual([2, 1]);
          return {state, off: WAIT_CLASSES.filter(name => !(Math.abs(of(name) - expected[name]) < error))};
        };
        // The one that changes is changed itself by a machine that does not let it run for a while.
        let {state, off} = await watchOnce();
        for (let again = 0; again < 3 && off.length > 0; again++) ({state, off} = await watchOnce());
        expect(off).toEqual([]);

        const [figures = ''] = loadLines(state).map(lineText);
        expect(figures).toMatch(/^Load 6\.0 +CPU 0\.\d +IO 1\.\d +Lock 2\.0 +LWLock 0\.0 +Client 1\.0 /);
        const waits = loadShares(state.loadRecords, 'wait').map(
          ({text, average}) => [text, average] as const,
        );
        expect(waits.slice(0, 1)).toEqual([['Lock:relation', 2]]);
        expect(waits).toContainEqual(['Client:ClientRead', 1]);
      },
      4 * SECONDS * 1_000 + 120_000,
    );
  },
  // Who looks for a deadlock does not wait meanwhile.
  {shared_buffers: '8MB', deadlock_timeout: '1h'},
  [10, 18],
);
