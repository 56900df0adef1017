import {beforeAll, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import {readSessionDetail} from '../../source/postgres/session-detail.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers, openMonitor, takeSnapshot, untilWaiting} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

describeOnSharedServers('the detail of a session', (cluster, major) => {
  let database: string;
  let monitor: PreparedSession;
  let holder: TestSession;

  const backendOf = async (pid: number): Promise<Backend> => {
    const backend = (await takeSnapshot(monitor)).byPid.get(pid)?.backend;
    if (backend === undefined) throw new Error(`${pid} is not in the snapshot`);
    return backend;
  };

  beforeAll(async () => {
    database = await cluster().createDatabase();
    monitor = await openMonitor(cluster(), {database});
    holder = await cluster().connect({database});
    await holder.query(
      'CREATE TABLE orders (); CREATE TABLE items (); CREATE SCHEMA depot; CREATE TABLE depot.stock ()',
    );
    await holder.query('BEGIN; LOCK orders, depot.stock');
  });

  test('holds its locks, what it waits for first, and how many there are', async () => {
    const waiter = await cluster().connect({database});
    await waiter.query('BEGIN; LOCK items');
    void waiter.backgroundQuery('SELECT * FROM orders');
    await untilWaiting(await cluster().connect(), waiter.pid);
    const backend = await backendOf(waiter.pid);
    const detail = await readSessionDetail(monitor, backend, []);
    expect(detail?.locks[0]).toMatchObject({
      pid: waiter.pid,
      locktype: 'relation',
      mode: 'AccessShareLock',
      granted: false,
      waitstart: major >= 14 ? expect.any(Number) : null,
    });
    expect(detail?.locks.some(lock => lock.mode === 'AccessExclusiveLock' && lock.granted)).toBe(true);
    expect(detail?.lockCount).toBe(detail?.locks.length);
    expect(detail?.key).toBe(`${waiter.pid}@${backend.backendStart}`);
  });

  test('names the relations of the connected database once a refresh has looked them up', async () => {
    const backend = await backendOf(holder.pid);
    const namesNow = async () =>
      [...((await readSessionDetail(monitor, backend, []))?.relationNames.values() ?? [])].sort();
    await namesNow();
    // One question a refresh: names of roles and databases that other files make may be asked for before these.
    const names = await waitFor('the names', async () => {
      await monitor.collector.collect();
      const now = await namesNow();
      return now.length > 0 ? now : null;
    });
    expect(names).toEqual(['depot.stock', 'orders']);
  });

  test('holds the whole text with its lines, without control characters and passwords', async () => {
    const session = await cluster().connect({database});
    const text = `SELECT 1\n  -- ${'x'.repeat(3_000)}\n\tAS "a\u001b[2Jb" /* PASSWORD 'hunter2' */`;
    await session.query(text);
    const detail = await readSessionDetail(monitor, await backendOf(session.pid), []);
    expect(detail?.query).toBe(text.replace('\u001b', '␛').replace('\t', '  ').replace('hunter2', '***'));
  });

  test('tells what the session has read and written, from 18 on', async () => {
    if (major < 18) {
      expect((await readSessionDetail(monitor, await backendOf(holder.pid), []))?.io).toBeNull();
      return;
    }
    const session = await cluster().connect({database});
    await session.query('CREATE TABLE written AS SELECT i FROM generate_series(1, 100000) i');
    const detail = await waitFor('the session to have reported it', async () => {
      await session.query('SELECT pg_stat_force_next_flush()');
      const told = await readSessionDetail(monitor, await backendOf(session.pid), []);
      return (told?.io?.extendBytes ?? 0) > 0 ? told : null;
    });
    expect(detail?.io?.extendBytes).toBeGreaterThan(3_000_000);
    expect(detail?.io?.hits).toBeGreaterThan(100);
  });

  test('decodes the text of a database in another encoding', async () => {
    const control = await cluster().connect();
    const latin1 = `latin1_${process.pid}`;
    await control.query(
      `CREATE DATABASE ${latin1} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    const session = await cluster().connect({database: latin1});
    await session.query("SELECT 'Käse'");
    const detail = await readSessionDetail(monitor, await backendOf(session.pid), []);
    expect(detail?.query).toBe("SELECT 'Käse'");
  });

  test('is not told of another session under the same pid', async () => {
    const {pid, backendStart} = await backendOf(holder.pid);
    const other = {pid, backendStart: (backendStart ?? 0) + 1};
    expect(await readSessionDetail(monitor, other, [])).toBeNull();
  });

  test('is told of a session that a role without rights may not see, with the locks alone', async () => {
    const user = `detail_${process.pid}`;
    await (await cluster().connect()).query(`CREATE ROLE ${user} LOGIN`);
    const ordinary = await openMonitor(cluster(), {user, database});
    const backend = (await takeSnapshot(ordinary)).byPid.get(holder.pid)?.backend;
    expect(backend?.backendStart).toBeNull();
    const detail = await readSessionDetail(ordinary, backend ?? {pid: 0, backendStart: null}, []);
    expect(detail?.query).toBe('<insufficient privilege>');
    expect(detail?.lockCount).toBeGreaterThan(1);
  });
});
