import {expect, test} from 'vitest';
import {signalRefusal} from '../../source/model/signal-refusal.ts';
import {sendSignal} from '../../source/postgres/signals.ts';
import {startCluster} from '../helpers/cluster.ts';
import {closeMonitors, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {seenBy} from '../helpers/signalling.ts';
import {startStandby} from '../helpers/standby.ts';
import {waitFor} from '../helpers/wait-for.ts';

test('a standby answers to signals as its primary does, and lets its own processes be signalled by nobody', async context => {
  const primary = await startCluster(Math.max(...majors.filter(major => programsOfMajor(major) !== null)));
  context.onTestFinished(() => primary.stop());
  const owner = await primary.connect();
  await owner.query(
    `CREATE ROLE clerk LOGIN; CREATE ROLE ordinary LOGIN; GRANT pg_monitor TO ordinary;
     CREATE ROLE signaller LOGIN; GRANT pg_monitor, pg_signal_backend TO signaller`,
  );
  const standby = await startStandby(primary);
  context.onTestFinished(() => standby.stop());
  context.onTestFinished(() => closeMonitors(standby));
  const [boss, signaller, ordinary] = await Promise.all([
    openMonitor(standby),
    openMonitor(standby, {user: 'signaller'}),
    openMonitor(standby, {user: 'ordinary'}),
  ]);
  const processOf = (backendType: string) =>
    waitFor(backendType, async () => {
      const {sessions} = await takeSnapshot(boss);
      return sessions.find(({backend}) => backend.backendType === backendType)?.backend.pid;
    });

  // One that does not get through ends, and another one comes.
  await waitFor('the standby to stream', async () => {
    const control = await primary.connect();
    const rows = await control.query("SELECT FROM pg_stat_replication WHERE state = 'streaming'");
    control.end();
    return rows.length === 1;
  });
  for (const backendType of ['startup', 'walreceiver']) {
    const target = await seenBy(boss, await processOf(backendType));
    expect(await sendSignal(boss.connection, 'terminate', target.target), backendType).toMatchObject({
      type: 'refused',
      message: expect.stringMatching(/^PID \d+ is not a PostgreSQL (?:server|backend) process/),
    });
    const snapshot = await takeSnapshot(boss);
    const reasons = (['cancel', 'terminate'] as const).map(
      action => signalRefusal(action, target.session, snapshot)?.reason,
    );
    expect(reasons, backendType).toEqual(['background-process', 'background-process']);
  }

  const reader = await standby.connect({user: 'clerk'});
  void reader.backgroundQuery('SELECT pg_sleep(600)');
  const target = await waitFor('the query', async () => {
    const seen = await seenBy(boss, reader.pid);
    return seen.session.backend.state === 'active' ? seen : null;
  });
  for (const monitor of [ordinary, signaller]) {
    await waitFor('the rights of the role', async () =>
      (await takeSnapshot(monitor)).roleRights.has(target.session.backend.usesysid ?? 0),
    );
  }
  expect(signalRefusal('cancel', target.session, await takeSnapshot(ordinary))?.reason).toBe('not-permitted');
  expect(await sendSignal(ordinary.connection, 'cancel', target.target)).toMatchObject({
    type: 'refused',
    sqlState: '42501',
  });
  expect(signalRefusal('cancel', target.session, await takeSnapshot(signaller))).toBeNull();
  expect(await sendSignal(signaller.connection, 'cancel', target.target)).toEqual({type: 'signalled'});
  await waitFor('the cancel', async () => (await seenBy(boss, reader.pid)).session.backend.state === 'idle');
  const idle = await seenBy(boss, reader.pid);
  expect(await sendSignal(signaller.connection, 'terminate', idle.target)).toEqual({type: 'signalled'});
  await waitFor('the end', async () => !(await takeSnapshot(boss)).byPid.has(reader.pid));
}, 60_000);
