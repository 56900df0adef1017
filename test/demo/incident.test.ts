import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import {type Incident, stageIncident} from '../../source/demo/incident.ts';
import {stagedBystanders} from '../../source/demo/staged-bystanders.ts';
import {stagedWaits} from '../../source/demo/staged-waits.ts';
import {openPlainSession} from '../../source/postgres/plain-session.ts';
import {leastOfThree} from '../helpers/best-of.ts';
import {type Cluster, startCluster, type TestSession} from '../helpers/cluster.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';

type Seen = {
  readonly pid: number;
  readonly app: string;
  readonly usename: string | null;
  readonly state: string | null;
  readonly query: string;
  readonly type: string;
  readonly blockers: readonly number[];
};

/** How many wait behind each root. */
const TREES = [10, 3, 2];
const MOST_STAGING_MS = 4_000;

const SEEN = /* sql */ `
SELECT pid, application_name AS app, usename::text, state, query, backend_type AS type,
       pg_blocking_pids(pid) AS blockers
  FROM pg_stat_activity WHERE pid <> pg_backend_pid()`;

/** Everybody who waits behind this one, directly or through others. */
function behind(pid: number, seen: readonly Seen[]): ReadonlySet<number> {
  const found = new Set([pid]);
  for (const blocker of found) {
    for (const waiter of seen) if (waiter.blockers.includes(blocker)) found.add(waiter.pid);
  }
  found.delete(pid);
  return found;
}

/** The blockers who wait for nobody, those who hold up most first. A prepared transaction has the pid 0. */
function rootsOf(seen: readonly Seen[]): readonly {readonly pid: number; readonly behind: number}[] {
  const waiting = new Set(seen.filter(({blockers}) => blockers.length > 0).map(({pid}) => pid));
  return [...new Set(seen.flatMap(({blockers}) => blockers))]
    .filter(pid => !waiting.has(pid))
    .map(pid => ({pid, behind: behind(pid, seen).size}))
    .sort((a, b) => b.behind - a.behind);
}

/** The longest way from a blocker down to somebody who waits behind it, in sessions. */
function depthBelow(pid: number, seen: readonly Seen[]): number {
  const waiters = seen.filter(({blockers}) => blockers.includes(pid));
  return Math.max(0, ...waiters.map(waiter => 1 + depthBelow(waiter.pid, seen)));
}

test('nobody who waits or is waited for comes back after having been ended', () => {
  const returning = [...stagedWaits, ...stagedBystanders].filter(({reconnects}) => reconnects);
  expect(returning.length).toBeGreaterThan(0);
  expect(returning.filter(({opening, hanging}) => opening !== undefined || hanging !== undefined)).toEqual(
    [],
  );
});

describe.each(majors.filter(major => programsOfMajor(major) !== null))(
  'the incident on PostgreSQL %i',
  major => {
    let cluster: Cluster | undefined;
    let incident: Incident | undefined;
    let watcher: TestSession;
    let stagedInMs = 0;

    const look = () => watcher.query<Seen>(SEEN);
    const until = (what: string, holds: (seen: readonly Seen[]) => boolean, deadlineMs?: number) =>
      waitFor(
        what,
        async () => {
          const seen = await look();
          return holds(seen) && seen;
        },
        deadlineMs,
      );

    const startedCluster = (): Cluster => cluster ?? expect.fail('no server');
    const untilTrees = () =>
      until('the three trees', seen => `${rootsOf(seen).map(root => root.behind)}` === `${TREES}`);

    beforeAll(async () => {
      stagedInMs = await leastOfThree(MOST_STAGING_MS, async () => {
        incident?.stop();
        await cluster?.stop();
        const server = await startCluster(major, {autovacuum: true});
        cluster = server;
        const start = performance.now();
        incident = await stageIncident(
          (applicationName, user, database) => openPlainSession({...server, applicationName, user, database}),
          server.user,
        );
        return performance.now() - start;
      });
      watcher = await startedCluster().connect({database: incident?.database ?? ''});
    });

    afterAll(async () => {
      incident?.stop();
      await cluster?.stop();
    });

    test('stands in less than four seconds', () => {
      expect(stagedInMs).toBeLessThan(MOST_STAGING_MS);
    });

    test('has one root with ten behind it, six and a chain of four, and two smaller trees', async () => {
      const seen = await untilTrees();
      const roots = rootsOf(seen);
      const root = roots[0]?.pid ?? 0;
      expect(seen.find(({pid}) => pid === root)?.state).toBe('idle in transaction');
      expect(seen.filter(({blockers}) => blockers.includes(root)).length).toBe(7);
      expect(depthBelow(root, seen)).toBe(4);
      expect(roots[2]?.pid).toBe(0);
      expect(await watcher.query('SELECT gid FROM pg_prepared_xacts')).toEqual([{gid: 'payout-eu-1122'}]);
    });

    test('has an aborted transaction, a long and a parallel query, and a crowd of idle sessions', async () => {
      await vi.waitFor(async () => {
        const seen = await look();
        expect(seen.some(({type}) => /parallel|background worker/.test(type))).toBe(true);
        expect(seen.filter(({state}) => state === 'idle in transaction (aborted)').length).toBe(1);
        expect(seen.filter(({app, state}) => app === 'Tableau' && state === 'active').length).toBe(1);
        expect(seen.filter(({app}) => app === 'sales-cube').length).toBe(4);
        const idle = seen.filter(({state}) => state === 'idle');
        expect(idle.length).toBeGreaterThanOrEqual(20);
        expect(new Set(idle.map(({app}) => app)).size).toBeGreaterThanOrEqual(8);
        expect(new Set(idle.map(({usename}) => usename)).size).toBeGreaterThanOrEqual(5);
      }, 30_000);
    });

    test('goes on with its daily business', async () => {
      const count = async () => Number((await watcher.query('SELECT count(*) AS n FROM page_views'))[0]?.n);
      const before = await count();
      await waitFor('ten more page views', async () => (await count()) >= before + 10);
    });

    test('lets a report be cancelled, which frees the migration and those behind it', async () => {
      const report = rootsOf(await untilTrees())[1]?.pid;
      await watcher.query('SELECT pg_cancel_backend($1)', [report]);
      await until('the second tree to be gone', all => rootsOf(all).length === 2);
      await waitFor(
        'the migration',
        async () => (await watcher.query("SELECT FROM pg_attribute WHERE attname = 'customs_code'"))[0],
      );
    });

    test('lets a session of the daily business be ended, which comes back as a new one', async () => {
      const feed = await until('its session', all => all.some(({app}) => app === 'price-feed'));
      const victim = feed.find(({app}) => app === 'price-feed')?.pid;
      await watcher.query('SELECT pg_terminate_backend($1)', [victim]);
      await until('another session', all => all.some(({app, pid}) => app === 'price-feed' && pid !== victim));
    });

    test('lets the root be ended, and then everybody behind it gets on with work', async () => {
      const before = await until(
        'the two trees',
        all => `${rootsOf(all).map(each => each.behind)}` === '10,2',
      );
      const root = rootsOf(before)[0]?.pid ?? 0;
      const waiters = behind(root, before);
      await watcher.query('SELECT pg_terminate_backend($1)', [root]);
      await until(
        'the tree and its root to be gone',
        all => rootsOf(all).every(({pid}) => pid === 0) && !all.some(({pid}) => pid === root),
      );
      const statementOf = new Map(before.map(({pid, query}) => [pid, query]));
      await until(
        'all of them to do something else',
        all =>
          all.filter(({pid, query}) => waiters.has(pid) && query !== statementOf.get(pid)).length ===
          waiters.size,
      );
      await waitFor('what they did to be committed', async () => {
        const [order] = await watcher.query('SELECT status FROM orders WHERE id = 5311');
        return order?.status === 'to ship';
      });
    });

    test('survives that every session of it is ended, and does not stage the waits again', async () => {
      const everybody = (await look())
        .filter(({usename, app}) => usename !== null && app !== 'test' && app !== '')
        .map(({pid}) => pid);
      await watcher.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid', [everybody]);
      await until(
        'the daily business of new sessions only, and nobody who waits',
        all =>
          !all.some(({pid}) => everybody.includes(pid)) &&
          all.filter(({app}) => app === 'shop-web').length === 3 &&
          rootsOf(all).length === 0,
      );
    });

    test('ends with all its sessions when it is stopped', async () => {
      incident?.stop();
      await until('an empty server', all =>
        all.every(({usename, type}) => usename === null || type !== 'client backend'),
      );
    });
  },
);
