import {expect, test} from 'vitest';
import {type Snapshot, snapshotOf} from '../../source/model/snapshot.ts';
import {readSessionDetail} from '../../source/postgres/session-detail.ts';
import {heavyRounds, isRelease} from '../helpers/heavy-rounds.ts';
import {describeOnOwnServers, untilWaiting} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {nextReadings, watch} from './watched-poller.ts';

const REFRESHES = heavyRounds(10, 20, 200);
/** A refresh that waits for a table ends with its lock_timeout of 250 ms, and says so; on a busy machine only the middle one tells something. */
const MOST_MS = 350;
const MOST_USUAL_MS = 1_500;

const middle = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

describeOnOwnServers('a monitor of a database whose tables are locked', cluster => {
  test('waits for none of them, with meters, progress, locks and a session in inspect', async context => {
    const owner = await cluster().connect();
    await owner.query(
      'CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders SELECT generate_series(1, 1000)',
    );
    const watched = await watch(context, cluster(), 'tables', {
      needs: {meters: true, progress: true, processes: null},
    });
    await nextReadings(watched, 2);
    await owner.query('BEGIN; LOCK orders IN ACCESS EXCLUSIVE MODE');
    const waiters = await Promise.all([1, 2, 3].map(() => cluster().connect()));
    const commands = ['SELECT * FROM orders', 'VACUUM orders', 'ALTER TABLE orders ADD note text'];
    for (const [index, waiter] of waiters.entries()) void waiter.backgroundQuery(commands[index] ?? '');
    for (const {pid} of waiters) await untilWaiting(owner, pid);
    const from = watched.readings.length;
    const inspected: number[] = [];
    let named: readonly string[] = [];
    while (watched.readings.length < from + REFRESHES) {
      const snapshot: Snapshot = snapshotOf((await waitFor('data', () => watched.readings.at(-1))).reading);
      const {backend} = snapshot.byPid.get(owner.pid) ?? {};
      if (backend === undefined) throw new Error('the holder is not there');
      const startedAt = performance.now();
      const detail = await watched.poller.ask(session => readSessionDetail(session, backend, []));
      inspected.push(performance.now() - startedAt);
      named = [...(detail?.relationNames.values() ?? [])];
    }
    expect(named).toContain('orders');
    const during = watched.readings.slice(from);
    const took = during.map(({cost}) => cost.durationMs);
    console.log(
      `${during.length} refreshes, longest ${Math.round(Math.max(...took))} ms, inspect ${Math.round(Math.max(...inspected))} ms`,
    );
    if (isRelease) expect(Math.max(...took, ...inspected)).toBeLessThan(MOST_MS);
    for (const durations of [took, inspected]) expect(middle(durations)).toBeLessThan(MOST_USUAL_MS);
    expect(during.flatMap(({reading}) => reading.failures)).toEqual([]);
    const last = snapshotOf((during.at(-1) ?? during[0])?.reading ?? expect.fail('no data'));
    expect(last.byPid.get(owner.pid)?.blocksInTotal).toBe(3);
    expect([watched.failures, watched.pids.length]).toEqual([[], 1]);
    await owner.query('ROLLBACK');
  });
});
