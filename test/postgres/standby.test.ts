import {expect, test} from 'vitest';
import {plainTree} from '../../source/state/tree-lines.ts';
import {startCluster} from '../helpers/cluster.ts';
import {closeMonitors, openMonitor, takeSnapshot, untilWaiting} from '../helpers/monitoring.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {startStandby} from '../helpers/standby.ts';
import {waitFor} from '../helpers/wait-for.ts';

test('on a standby the startup process is drawn behind the query that it waits for, though pg_blocking_pids names nobody', async context => {
  const primary = await startCluster(Math.max(...majors.filter(major => programsOfMajor(major) !== null)));
  context.onTestFinished(() => primary.stop());
  const owner = await primary.connect();
  await owner.query('CREATE TABLE books ()');
  const standby = await startStandby(primary);
  context.onTestFinished(() => standby.stop());
  const [reader, late, control] = [await standby.connect(), await standby.connect(), await standby.connect()];
  await waitFor('the table to arrive', async () => {
    const rows = await control.query("SELECT FROM pg_class WHERE relname = 'books'");
    return rows.length > 0;
  });
  await reader.query('BEGIN; SELECT * FROM books');
  await (await primary.connect()).query('BEGIN; LOCK books');
  // What is not committed does not travel by itself.
  await (await primary.connect()).query('SELECT pg_switch_wal()');
  const [startup] = await waitFor('the startup process to wait', async () => {
    const rows = await control.query<{pid: number}>(
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'startup' AND wait_event_type = 'Lock'",
    );
    return rows.length > 0 ? rows : null;
  });
  void late.backgroundQuery('SELECT * FROM books');
  await untilWaiting(control, late.pid);
  const monitor = await openMonitor(standby);
  await takeSnapshot(monitor);
  const lines = plainTree(await takeSnapshot(monitor));
  await closeMonitors(standby);
  expect(lines).toEqual([
    expect.stringMatching(`^ ${reader.pid} blocks 2 pgtop@postgres test idle in transaction `),
    expect.stringMatching(`^ └─${startup?.pid} blocks 1 .* for AccessExclusive on books`),
    expect.stringMatching(`^   └╌${late.pid} .* for AccessShare on books \\(queued behind\\)`),
  ]);
  const [answer] = await control.query<{blockers: number[]}>('SELECT pg_blocking_pids($1) AS blockers', [
    startup?.pid,
  ]);
  expect(answer?.blockers).toEqual([]);
}, 60_000);
