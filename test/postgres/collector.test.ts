import {beforeAll, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {createCollector} from '../../source/postgres/collector.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import {readSessionDetail} from '../../source/postgres/session-detail.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnOwnServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** The microseconds of a timestamptz, as the model has them. */
const micros = (column: string) => `round(extract(epoch FROM ${column}) * 1e6)::bigint::text AS ${column}`;

/** What pg_stat_activity says of a session, in the model's words. */
async function rowOf(control: TestSession, major: number, pid: number): Promise<Readonly<Partial<Backend>>> {
  const [row] = await control.query(
    `SELECT pid, datid::int, datname, usesysid::int, usename, application_name, client_addr, client_hostname, client_port,
            backend_type, state, wait_event_type, wait_event, backend_xid::text, backend_xmin::text, query,
            ${major >= 13 ? 'leader_pid' : 'NULL AS leader_pid'}, ${major >= 14 ? 'query_id' : 'NULL'}::text AS query_id,
            ${['backend_start', 'xact_start', 'query_start', 'state_change'].map(micros).join(', ')}
       FROM pg_stat_activity WHERE pid = $1`,
    [pid],
  );
  const number = (value: unknown) => (value === null ? null : Number(value));
  const named = Object.entries(row ?? {}).map(([name, value]) => [
    name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    /_(start|change)$/.test(name) ? number(value) : value,
  ]);
  const columns = Object.fromEntries(named);
  return {...columns, key: `${columns.pid}@${columns.backendStart}`};
}

function backendOf(snapshot: Snapshot, pid: number): Backend {
  const session = snapshot.byPid.get(pid);
  if (session === undefined) throw new Error(`${pid} is not in the snapshot`);
  return session.backend;
}

describeOnOwnServers(
  'a reading',
  (cluster, major) => {
    let monitor: PreparedSession;
    let control: TestSession;

    beforeAll(async () => {
      control = await cluster().connect({applicationName: 'control'});
      monitor = await openMonitor(cluster());
      await monitor.collector.collect();
    });

    test('tells of a session what pg_stat_activity tells', async () => {
      await control.query('CREATE ROLE alice LOGIN');
      await control.query('CREATE DATABASE shop');
      const [writer, sleeper, idle, aborted] = [
        await cluster().connect({user: 'alice', database: 'shop', applicationName: 'writer'}),
        await cluster().connect({database: 'shop', applicationName: 'sleeper'}),
        await cluster().connect({applicationName: 'idle one'}),
        await cluster().connect({applicationName: ''}),
      ];
      await writer.query('BEGIN; SELECT txid_current()');
      await idle.query('SELECT 1 AS one');
      await aborted.query('BEGIN');
      await aborted.backgroundQuery('SELECT 1 / 0');
      void sleeper.backgroundQuery('SELECT pg_sleep(60) /* long */');
      // What a client was answered comes before what its server process does next.
      for (const [{pid}, waitEvent] of [
        [sleeper, 'PgSleep'],
        [writer, 'ClientRead'],
        [idle, 'ClientRead'],
        [aborted, 'ClientRead'],
      ] as const) {
        await waitFor(`${pid} to be in ${waitEvent}`, async () => {
          const row = await rowOf(control, major, pid);
          return row.waitEvent === waitEvent && (pid === sleeper.pid || row.state !== 'active');
        });
      }
      // The names of the role and the database are new: the second refresh has them at the latest.
      await monitor.collector.collect();
      const snapshot = await takeSnapshot(monitor);
      for (const {pid} of [writer, sleeper, idle, aborted]) {
        expect(backendOf(snapshot, pid)).toEqual({...(await rowOf(control, major, pid)), tls: null});
      }
      expect(backendOf(snapshot, writer.pid)).toMatchObject({
        usename: 'alice',
        datname: 'shop',
        applicationName: 'writer',
        state: 'idle in transaction',
        backendXid: expect.stringMatching(/^\d+$/),
        clientAddr: null,
        clientPort: -1,
        backendType: 'client backend',
      });
      expect(backendOf(snapshot, aborted.pid).state).toBe('idle in transaction (aborted)');
      expect(backendOf(snapshot, sleeper.pid)).toMatchObject({waitEventType: 'Timeout', state: 'active'});
      if (major >= 14) expect(backendOf(snapshot, sleeper.pid).queryId).toMatch(/^-?\d+$/);
    });

    test("has the server's background processes, without a role and a database, and not the own session", async () => {
      const listed = async () => {
        const rows = await control.query<{pid: number}>('SELECT pid FROM pg_stat_activity WHERE pid <> $1', [
          monitor.connection.processId,
        ]);
        return rows.map(({pid}) => pid).sort();
      };
      // A server that has just started has some of its processes still to come, and one that asked whether it is up still to go.
      const {snapshot, pids} = await waitFor('a moment in which nobody comes or goes', async () => {
        const before = await listed();
        const snapshot = await takeSnapshot(monitor);
        const pids = await listed();
        const hasWriter = snapshot.sessions.some(({backend}) => backend.backendType === 'walwriter');
        return hasWriter && before.join() === pids.join() ? {snapshot, pids} : null;
      });
      const background = snapshot.sessions.filter(({backend}) => backend.backendType !== 'client backend');
      const types = background.map(({backend}) => backend.backendType);
      expect(types).toEqual(
        expect.arrayContaining([
          'checkpointer',
          major >= 18 ? 'io worker' : 'walwriter',
          'background writer',
        ]),
      );
      const checkpointer = background.find(({backend}) => backend.backendType === 'checkpointer');
      expect(checkpointer?.backend).toMatchObject({
        usename: null,
        datname: null,
        state: null,
        query: '',
        clientPort: null,
        backendStart: expect.any(Number),
      });
      expect(snapshot.byPid.has(monitor.connection.processId)).toBe(false);
      expect(snapshot.sessions.map(({backend}) => backend.pid).sort()).toEqual(pids);
    });

    test('carries the clock of the server, and ages that follow from it', async () => {
      const clock = async () => {
        const [row] = await control.query(`SELECT ${micros('clock')} FROM clock_timestamp() AS clock`);
        return Number(row?.clock);
      };
      const before = await clock();
      const snapshot = await takeSnapshot(monitor);
      const {collectedAt} = snapshot.reading;
      expect(collectedAt).toBeGreaterThan(before);
      expect(collectedAt).toBeLessThan(await clock());
      const {backend, ...session} = snapshot.byPid.get(control.pid) ?? {};
      const ageOf = (start: number | null | undefined) => (collectedAt - Number(start)) / 1_000;
      expect(session).toMatchObject({
        queryAgeMs: ageOf(backend?.queryStart),
        stateAgeMs: ageOf(backend?.stateChange),
        sessionAgeMs: ageOf(backend?.backendStart),
        xactAgeMs: null,
      });
      expect(ageOf(backend?.queryStart)).toBeGreaterThan(0);
    });

    test('names a role and a database made after the start within two refreshes, and until then by oid', async () => {
      await takeSnapshot(monitor);
      await control.query('CREATE ROLE newcomer LOGIN');
      await control.query('CREATE DATABASE newplace');
      const session = await cluster().connect({user: 'newcomer', database: 'newplace'});
      const first = backendOf(await takeSnapshot(monitor), session.pid);
      expect([String(first.usesysid), 'newcomer']).toContain(first.usename);
      expect([String(first.datid), 'newplace']).toContain(first.datname);
      expect(backendOf(await takeSnapshot(monitor), session.pid)).toMatchObject({
        usename: 'newcomer',
        datname: 'newplace',
      });
    });

    test('holds the head of a text of 10 kB, of which the detail of the session holds all', async () => {
      const session = await cluster().connect();
      const text = `SELECT '${'0123456789'.repeat(1_024)}' AS long`;
      await session.query(text);
      const snapshot = await takeSnapshot(monitor);
      const backend = backendOf(snapshot, session.pid);
      expect(backend.query).toBe(text.slice(0, 1_024));
      expect((await readSessionDetail(monitor, backend, []))?.query).toBe(text);
    });

    test('tells the leader of a parallel worker from PostgreSQL 13 on', async () => {
      const leader = await cluster().connect({applicationName: 'leader'});
      await leader.query(
        `SET ${major >= 16 ? 'debug_parallel_query' : 'force_parallel_mode'} = on;
         SET max_parallel_workers_per_gather = 2`,
      );
      void leader.backgroundQuery('SELECT pg_sleep(60) /* parallel */');
      const snapshot = await waitFor('the worker', async () => {
        const next = await takeSnapshot(monitor);
        return next.sessions.some(({backend}) => isWorker(backend)) ? next : null;
      });
      const worker = snapshot.sessions.find(({backend}) => isWorker(backend))?.backend;
      expect(worker?.leaderPid).toBe(major >= 13 ? leader.pid : null);
      expect(worker?.query).toBe('SELECT pg_sleep(60) /* parallel */');
      await control.query('SELECT pg_cancel_backend($1)', [leader.pid]);
    });

    test.each([1_000, 2_000, 10_000])(
      'has every meter told at the second of refreshes %i ms apart, and soon every rate',
      async intervalMs => {
        const {connection, capabilities, names} = await openMonitor(cluster());
        let nowMs = 0;
        const collector = createCollector(connection, capabilities, names, () => nowMs);
        const readMeters = async () => {
          const {meters} = await collector.collect({meters: true, progress: false, processes: null});
          nowMs += intervalMs;
          return meters;
        };
        await readMeters();
        // What this machine tells of itself comes later.
        const {host, ...asked} = await readMeters();
        const untold = Object.entries(asked).filter(([, {now, failure}]) => now === null && failure === null);
        expect(untold).toEqual([]);
        for (let refresh = 0; refresh < 5; refresh++) await readMeters();
        const {databases, wal} = await readMeters();
        expect([databases.before, wal.before]).not.toContain(null);
      },
    );

    test('asks at most two statements while nobody waits, and begins no transaction that stays open', async () => {
      await control.query('CREATE ROLE watcher LOGIN SUPERUSER; CREATE EXTENSION pg_stat_statements');
      const watcher = await openMonitor(cluster(), {user: 'watcher'});
      const calls = async () => {
        const [row] = await control.query(
          "SELECT sum(calls)::int AS calls FROM pg_stat_statements WHERE userid = 'watcher'::regrole",
        );
        return Number(row?.calls);
      };
      await watcher.collector.collect();
      let before = await calls();
      const asked: number[] = [];
      for (let refresh = 0; refresh < 10; refresh++) {
        await watcher.collector.collect();
        const after = await calls();
        asked.push(after - before);
        before = after;
        expect(await rowOf(control, major, watcher.connection.processId)).toMatchObject({
          state: 'idle',
          xactStart: null,
          backendXid: null,
          backendXmin: null,
        });
      }
      expect(Math.max(...asked)).toBeLessThanOrEqual(2);
      expect(asked.filter(count => count === 1).length).toBeGreaterThan(5);
    });
  },
  {track_activity_query_size: 16_384, shared_preload_libraries: 'pg_stat_statements'},
);

function isWorker({backendType, query}: Backend): boolean {
  // PostgreSQL 10 calls it by another name.
  return ['parallel worker', 'background worker'].includes(backendType ?? '') && query.includes('parallel');
}
