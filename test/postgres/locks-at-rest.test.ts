import {beforeEach, expect, test} from 'vitest';
import {type Snapshot, snapshotOf} from '../../source/model/snapshot.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {blockersByPid, describeOnOwnServers, edgesOf, openMonitor} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {type Part, stage, waitInVain} from './scenes.ts';

/** How long a reading of the locks stands, in microseconds of the server's clock. */
const STANDS = 3_000_000;

describeOnOwnServers('a reading of the locks', cluster => {
  let monitor: PreparedSession;
  let control: TestSession;
  let asked: number;

  beforeEach(async () => {
    control = await cluster().connect();
    await control.query('DROP TABLE IF EXISTS stands; CREATE TABLE stands (id int)');
    asked = 0;
    monitor = await openMonitor(cluster(), {}, connection => ({
      ...connection,
      query(statement, values, options) {
        asked += Number(options?.name === 'pgtop_locks');
        return connection.query(statement, values, options);
      },
    }));
  });

  /** One refresh, and whether it read the locks. */
  const refresh = async (): Promise<{readonly snapshot: Snapshot; readonly hasAsked: boolean}> => {
    const before = asked;
    const snapshot = snapshotOf(await monitor.collector.collect());
    return {snapshot, hasAsked: asked > before};
  };
  const untilItStands = () => waitFor('a reading that stands', async () => !(await refresh()).hasAsked);
  const staged = (...parts: readonly Part[]) => stage(cluster(), control, 'postgres', parts);
  /** Ends the sessions of a test, so that none of them is involved in the next. */
  const end = async (sessions: readonly TestSession[]) => {
    const pids = sessions.map(({pid}) => pid);
    await control.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid', [pids]);
    await waitFor('them to be gone', async () => {
      const left = await control.query('SELECT FROM pg_stat_activity WHERE pid = ANY ($1)', [pids]);
      return left.length === 0;
    });
  };

  test('stands for three seconds while nobody involved does anything, and no longer', async () => {
    const sessions = await staged({opening: 'BEGIN; LOCK stands'}, {waits: 'SELECT * FROM stands'});
    await untilItStands();
    let readAt: number | null = null;
    let readings = 0;
    await waitFor('two readings', async () => {
      const {snapshot, hasAsked} = await refresh();
      const {collectedAt} = snapshot.reading;
      if (readAt !== null) expect([hasAsked, collectedAt - readAt >= STANDS]).toEqual([hasAsked, hasAsked]);
      if (hasAsked) [readAt, readings] = [collectedAt, readings + 1];
      expect(snapshot.forest.roots.map(({id}) => id)).toEqual([sessions[0]?.pid]);
      return readings === 2;
    });
    await end(sessions);
  });

  test('is taken anew as soon as one of those involved has done anything', async () => {
    const sessions = await staged(
      {opening: 'BEGIN; LOCK stands IN SHARE MODE'},
      {opening: 'BEGIN; LOCK stands IN SHARE MODE'},
      {waits: 'INSERT INTO stands VALUES (1)'},
    );
    const [first, second] = sessions;
    const late = await cluster().connect();
    const pids = [...sessions, late].map(({pid}) => pid);
    for (const act of [
      () => first?.query('SELECT 1'),
      () => waitInVain(control, late, 'UPDATE stands SET id = 1'),
      () => second?.query('COMMIT'),
      async () => {
        await control.query('SELECT pg_cancel_backend($1)', [late.pid]);
        await waitFor('the cancelled one to give up', async () => {
          const rows = await control.query("SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'idle'", [
            late.pid,
          ]);
          return rows.length > 0;
        });
      },
    ]) {
      await untilItStands();
      await act();
      const before = asked;
      await waitFor('what the server says too', async () => {
        const {snapshot} = await refresh();
        const blockers = Object.fromEntries(await blockersByPid(control, pids));
        return JSON.stringify(edgesOf(snapshot, pids)) === JSON.stringify(blockers);
      });
      expect(asked).toBeGreaterThan(before);
    }
    await end([...sessions, late]);
  });

  test('is taken at each refresh while one of them runs', async () => {
    const [holder, ...others] = await staged(
      {opening: 'BEGIN; LOCK stands'},
      {waits: 'SELECT * FROM stands'},
    );
    void holder?.backgroundQuery('SELECT pg_sleep(600)');
    await waitFor('it to run', async () => {
      const rows = await control.query("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
      return rows.length > 0;
    });
    for (let round = 0; round < 4; round++) expect((await refresh()).hasAsked).toBe(true);
    await end([...(holder === undefined ? [] : [holder]), ...others]);
  });
});
