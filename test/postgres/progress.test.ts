import {expect, test} from 'vitest';
import {progressInFull} from '../../source/model/progress.ts';
import type {Connection} from '../../source/postgres/connection.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnOwnServers, openMonitor} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

const NEEDS = {meters: false, progress: true, processes: null};

/** As slow as can be, so that a reading finds it at work whenever it comes. */
async function slowed(session: TestSession): Promise<TestSession> {
  await session.query('SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1');
  return session;
}

describeOnOwnServers('progress', (cluster, major) => {
  test('is told of a vacuum, an index, an analyze and a copy, and not asked for while nobody can have any', async () => {
    const session = () => cluster().connect();
    const control = await session();
    for (const name of ['dead', 'stock', 'facts']) {
      await control.query(
        `CREATE TABLE ${name} AS SELECT i, repeat('x', 200) AS t FROM generate_series(1, 50000) i`,
      );
    }
    await control.query('DELETE FROM dead');
    const asked: string[] = [];
    const watch = (connection: Connection): Connection => ({
      ...connection,
      async query<Row>(...question: Parameters<Connection['query']>) {
        asked.push(question[2]?.name ?? '');
        return await connection.query<Row>(...question);
      },
    });
    const {collector} = await openMonitor(cluster(), {}, watch);
    expect((await collector.collect(NEEDS)).progress).toEqual([]);
    expect(asked).not.toContain('pgtop_progress');

    const told = async (pid: number, pattern: RegExp) =>
      await waitFor(`${pid} to tell ${pattern}`, async () => {
        const {progress, collectedAt} = await collector.collect(NEEDS);
        const own = progress.find(each => each.pid === pid);
        return own !== undefined && pattern.test(progressInFull(own, collectedAt));
      });
    const vacuum = await slowed(await session());
    void vacuum.backgroundQuery('VACUUM dead');
    await told(vacuum.pid, /^scanning heap \d+%, \d.* of 1\.[45]k blocks/);
    expect(asked).toContain('pgtop_progress');
    if (major >= 12) {
      const holder = await session();
      await holder.query('BEGIN; LOCK TABLE stock IN ROW EXCLUSIVE MODE');
      const indexer = await session();
      void indexer.backgroundQuery('CREATE INDEX CONCURRENTLY ON stock (i)');
      await told(indexer.pid, /^waiting for writers before build/);
      holder.end();
    }
    if (major >= 13) {
      const analyze = await slowed(await session());
      void analyze.backgroundQuery('ANALYZE facts');
      await told(analyze.pid, /^acquiring sample rows \d+%/);
    }
    if (major >= 14) {
      const copy = await session();
      void copy.backgroundQuery(
        "COPY (SELECT repeat('x', 1000), pg_sleep(0.001) FROM generate_series(1, 1000000)) TO '/dev/null'",
      );
      await told(copy.pid, /^copying, .*[KM] bytes/);
    }
  });
});
