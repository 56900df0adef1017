import {expect, test} from 'vitest';
import {snapshotOf} from '../../source/model/snapshot.ts';
import {startCluster} from '../helpers/cluster.ts';
import {
  blockersByPid,
  closeMonitors,
  describeOnSharedServers,
  edgesOf,
  openMonitor,
  settledSnapshot,
  takeSnapshot,
  untilWaiting,
} from '../helpers/monitoring.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {stage, waitInVain} from './scenes.ts';

describeOnSharedServers('a queue for a lock', cluster => {
  test('follows the server where it rearranged a queue to avoid a deadlock', async () => {
    const database = await cluster().createDatabase();
    const control = await cluster().connect({database});
    await control.query('CREATE TABLE jobs_again (); CREATE TABLE other_jobs ()');
    const sessions = await stage(cluster(), control, database, [
      {opening: "SET deadlock_timeout = '10ms'; BEGIN; LOCK jobs_again IN ROW SHARE MODE"},
      {opening: 'BEGIN; LOCK jobs_again IN ROW EXCLUSIVE MODE'},
      {waits: 'LOCK jobs_again IN EXCLUSIVE MODE'},
      {opening: 'BEGIN; LOCK other_jobs', waits: 'LOCK jobs_again IN SHARE MODE'},
    ]);
    const [first, , overtaken, overtaker] = sessions.map(({pid}) => pid);
    await waitInVain(control, sessions[0], 'LOCK other_jobs');
    const pids = sessions.map(({pid}) => pid);
    await waitFor('the server to rearrange the queue', async () =>
      (await blockersByPid(control, pids)).get(overtaken ?? 0)?.includes(overtaker ?? 0),
    );
    const monitor = await openMonitor(cluster(), {database: database});
    const settled = await settledSnapshot(monitor, control, pids);
    expect(settled.blockers.get(first ?? 0)).toEqual([overtaker]);
    expect(edgesOf(settled.snapshot, pids)).toEqual(Object.fromEntries(settled.blockers));
  });

  test('does not take a new wait of a session for the one before', async () => {
    const database = await cluster().createDatabase();
    const control = await cluster().connect({database});
    const session = await cluster().connect({database});
    const monitor = await openMonitor(cluster(), {database});
    await control.query('CREATE TABLE twice ()');
    const startOfWait = async () => {
      await control.query('BEGIN; LOCK twice');
      const answer = session.backgroundQuery('SELECT * FROM twice');
      await untilWaiting(control, session.pid);
      const {byPid, forest} = await takeSnapshot(monitor);
      await control.query('COMMIT');
      await answer;
      const {wait} = forest.nodes.get(session.pid) ?? {};
      return {since: wait?.since, queryStart: byPid.get(session.pid)?.backend.queryStart ?? 0};
    };
    await startOfWait();
    const second = await startOfWait();
    expect(second.since).toBeGreaterThanOrEqual(second.queryStart);
  });
});

test('a prepared transaction still has its gid in the forest after a restart of the server', async context => {
  const cluster = await startCluster(Math.max(...majors.filter(major => programsOfMajor(major) !== null)));
  context.onTestFinished(() => cluster.stop());
  const owner = await cluster.connect();
  await owner.query('CREATE TABLE invoices ()');
  await owner.query("BEGIN; LOCK invoices; PREPARE TRANSACTION 'payout'");
  await cluster.takeDown('fast');
  await cluster.bringUp();
  const [control, waiter] = [await cluster.connect(), await cluster.connect()];
  // Who looks for a deadlock does not wait meanwhile.
  await waiter.query("SET deadlock_timeout = '1h'");
  await waitInVain(control, waiter, 'SELECT * FROM invoices');
  const {collector} = await openMonitor(cluster);
  const {forest, preparedXacts} = snapshotOf(await collector.collect());
  expect(forest.roots.map(({id}) => preparedXacts.get(id)?.gid)).toEqual(['payout']);
  await closeMonitors(cluster);
});
