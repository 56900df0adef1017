import {beforeAll, expect, test} from 'vitest';
import {isHidden} from '../../source/model/backend.ts';
import {countSessions} from '../../source/model/session-counts.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {
  describeOnSharedServers,
  edgesOf,
  openMonitor,
  settledSnapshot,
  takeSnapshot,
  untilWaiting,
  waitersBehind,
} from '../helpers/monitoring.ts';

describeOnSharedServers('what a role may see', (cluster, major) => {
  const role = (name: string) => `${name}_${process.pid}`;
  let database: string;
  let control: TestSession;
  let scene: readonly TestSession[];

  beforeAll(async () => {
    database = await cluster().createDatabase();
    control = await cluster().connect({database});
    await control.query(
      `CREATE ROLE ${role('ordinary')} LOGIN;
       CREATE ROLE ${role('watcher')} LOGIN; GRANT pg_monitor TO ${role('watcher')};
       CREATE ROLE ${role('distant')} LOGIN NOINHERIT; GRANT pg_monitor TO ${role('distant')}`,
    );
    await control.query('CREATE TABLE orders ()');
    const sessions = Array.from({length: 4}, () => cluster().connect({database}));
    scene = await Promise.all(sessions);
    const [holder, alter, ...readers] = scene;
    await holder?.query('BEGIN; SELECT * FROM orders');
    void alter?.backgroundQuery('ALTER TABLE orders ADD note text');
    await untilWaiting(control, alter?.pid ?? 0);
    for (const reader of readers) {
      void reader.backgroundQuery('SELECT * FROM orders');
      await untilWaiting(control, reader.pid);
    }
  });

  test('is told by the server: its version, its place, and the rights of the role', async () => {
    const {capabilities} = await openMonitor(cluster(), {database});
    expect(capabilities).toMatchObject({
      isSuperuser: true,
      readsAllStats: true,
      own: {pid: expect.any(Number), backendStart: expect.any(Number)},
      server: {
        version: expect.stringMatching(`^${major}\\.`),
        host: cluster().socketFolder,
        port: cluster().port,
        user: cluster().user,
        database,
        inRecovery: false,
        maxConnections: 100,
      },
    });
    expect(Math.floor(capabilities.server.versionNum / 10_000)).toBe(major);
    const [row] = await control.query('SELECT oid::int FROM pg_database WHERE datname = current_database()');
    expect(capabilities.databaseOid).toBe(row?.oid);
  });

  test('is everything for a member of pg_monitor, since 15 if it inherits', async () => {
    const rights = [];
    for (const user of [role('watcher'), role('distant'), role('ordinary')]) {
      const {capabilities} = await openMonitor(cluster(), {user});
      rights.push([capabilities.isSuperuser, capabilities.readsAllStats]);
    }
    expect(rights).toEqual([
      [false, true],
      [false, major < 15],
      [false, false],
    ]);
    const monitor = await openMonitor(cluster(), {user: role('watcher'), database});
    const snapshot = await takeSnapshot(monitor);
    expect(snapshot.reading.isPartlyHidden).toBe(false);
    expect(snapshot.byPid.get(scene[0]?.pid ?? 0)?.backend).toMatchObject({
      state: 'idle in transaction',
      query: 'BEGIN; SELECT * FROM orders',
      usename: cluster().user,
    });
  });

  test('is who is there and who waits for whom, for a role without rights', async () => {
    const own = await cluster().connect({user: role('ordinary'), database});
    await own.query('SELECT 1');
    const monitor = await openMonitor(cluster(), {user: role('ordinary'), database});
    await monitor.collector.collect();
    const pids = scene.map(({pid}) => pid);
    const {snapshot, blockers} = await settledSnapshot(monitor, control, pids);
    expect(snapshot.reading).toMatchObject({isPartlyHidden: true, failures: []});
    expect(edgesOf(snapshot, pids)).toEqual(Object.fromEntries(blockers));
    const root = pids[0] ?? 0;
    expect(snapshot.byPid.get(root)?.blocksInTotal).toBe(waitersBehind(blockers, root).size);
    expect(snapshot.relationNames.values()).toContain('orders');
    for (const pid of pids) {
      const backend = snapshot.byPid.get(pid)?.backend;
      expect(backend && isHidden(backend)).toBe(true);
      expect(backend).toMatchObject({usename: cluster().user, datname: database, state: null});
    }
    const counts = countSessions(snapshot.sessions);
    expect(counts.hidden).toBeGreaterThanOrEqual(pids.length + 1);
    expect(counts.waiting).toBeGreaterThanOrEqual(3);
    expect(snapshot.byPid.get(own.pid)?.backend).toMatchObject({state: 'idle', query: 'SELECT 1'});
  });
});
