import {beforeAll, expect, test} from 'vitest';
import type {Snapshot} from '../../source/model/snapshot.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {frameOf} from '../helpers/frame.tsx';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {describeOnOwnServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {majors} from '../helpers/servers.ts';
import {stateWith} from '../helpers/states.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {IN_XACT, SCENES} from './lock-scenes.ts';
import {stage} from './scenes.ts';

/** The lines of the tree on a screen, `#1` for the pid of the first session and so on, without their queries, and with `N` for numbers that differ from run to run. */
function treeOf(snapshot: Snapshot, pids: readonly number[]): readonly string[] {
  const frame = frameOf(stateWith(snapshot, {columns: 150, rows: 60}));
  const from = frame.findIndex(text => text.startsWith(' Lock waits'));
  return frame.slice(from + 1, -2).map(text => {
    const named = pids.reduce(
      (line, pid, index) => line.replaceAll(new RegExp(`\\b${pid}\\b`, 'g'), `#${index + 1}`),
      text,
    );
    return named
      .replace(/ pgtop@test_\w+ test/, '')
      .replace(/ (SELECT|LOCK|BEGIN|UPDATE|INSERT|VACUUM|CREATE|COMMENT|SET)\b.*$/, '')
      .replace(/\b\d+(\.\d+)?m?s\b/g, 'T')
      .replace(/transaction \d+\/\d+/, 'transaction V')
      .replace(/(transaction|object|worker|token) \d+/g, '$1 N')
      .replace(/test_\w+\/\d+/, 'elsewhere/N')
      .replace(/ Timeout:\w+/, '');
  });
}

describeOnOwnServers(
  'a wait on',
  (cluster, major) => {
    let control: TestSession;
    let monitor: PreparedSession;
    let databases: readonly [here: string, there: string];

    beforeAll(async () => {
      databases = [await cluster().createDatabase(), await cluster().createDatabase()];
      for (const database of databases) {
        const owner = await cluster().connect({database});
        await owner.query(`
        CREATE TABLE books AS SELECT 0 AS n; CREATE SCHEMA depot; CREATE TABLE depot.shelves (n int);
        CREATE FUNCTION held_up(key int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
          BEGIN PERFORM pg_advisory_xact_lock_shared(-1, 7); RETURN key; END $$;
        CREATE TABLE wishes (key int); CREATE UNIQUE INDEX ON wishes (key); CREATE UNIQUE INDEX ON wishes (held_up(key));
        CREATE TABLE words (list int[]);
        CREATE INDEX words_index ON words USING gin (list) WITH (fastupdate = on, gin_pending_list_limit = 65536);
        INSERT INTO words SELECT array_agg(n) FROM generate_series(1, 40000) AS n GROUP BY n % 20;
        CREATE TABLE facts AS SELECT n FROM generate_series(1, 100) AS n;
        CREATE FUNCTION scan(n int) RETURNS int LANGUAGE plpgsql PARALLEL SAFE AS $$
          BEGIN PERFORM FROM books; RETURN n; END $$`);
        owner.end();
      }
      control = await cluster().connect({database: databases[0]});
      monitor = await openMonitor(cluster(), {database: databases[0]});
    });

    /** The tree when the names that it needs are there, and then the end of its sessions. */
    const treeAndEnd = async (sessions: readonly TestSession[]) => {
      const pids = sessions.map(({pid}) => pid);
      try {
        for (let refresh = 0; refresh < 3; refresh++) await takeSnapshot(monitor);
        return treeOf(await takeSnapshot(monitor), pids);
      } finally {
        await control.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS p (pid)', [pids]);
        await waitFor('the end of the scene', async () => {
          const rows = await control.query('SELECT FROM pg_stat_activity WHERE pid = ANY ($1::int[])', [
            pids,
          ]);
          return rows.length === 0;
        });
      }
    };

    test.each(Object.entries(SCENES))('%s is drawn', async (_, {parts, lines, isElsewhere}) => {
      const database = databases[isElsewhere === true ? 1 : 0];
      const sessions = await stage(cluster(), control, database, parts);
      expect(await treeAndEnd(sessions)).toEqual(lines);
    });

    test('a page is drawn: the pending list of a GIN index', async () => {
      const [cleaner] = await stage(cluster(), control, databases[0], [{}]);
      // VACUUM sleeps between the pages of the list and keeps the lock on its first page meanwhile.
      await cleaner?.query('SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1');
      void cleaner?.backgroundQuery('VACUUM words');
      await waitFor('the lock on the page', async () => {
        const rows = await control.query("SELECT FROM pg_locks WHERE locktype = 'page'");
        return rows.length > 0;
      });
      const others = await stage(cluster(), control, databases[0], [
        {waits: "SELECT gin_clean_pending_list('words_index')"},
      ]);
      expect(await treeAndEnd([...(cleaner ? [cleaner] : []), ...others])).toEqual([
        ' #1 blocks 1 active T',
        ' └─#2 waits T for Exclusive on page 0 of words_index',
      ]);
    });

    test('a table by a worker of a parallel query is drawn as that of the query', async () => {
      const sessions = await stage(cluster(), control, databases[0], [{opening: 'BEGIN; LOCK books'}, {}]);
      const [, leader] = sessions;
      const parallel = major >= 16 ? 'debug_parallel_query' : 'force_parallel_mode';
      await leader?.query(`SET ${parallel} = on`);
      void leader?.backgroundQuery('SELECT sum(scan(n)) FROM facts');
      await waitFor('the worker to wait', async () => {
        const rows = await control.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
        return rows.length > 0;
      });
      expect(await treeAndEnd(sessions)).toEqual([
        ` #1 blocks 1 ${IN_XACT}`,
        ' └─#2 waits T for AccessShare on books, its worker N',
      ]);
    });

    test('a prepared transaction is drawn', async () => {
      const owner = await cluster().connect({database: databases[0]});
      await owner.query("BEGIN; LOCK books; PREPARE TRANSACTION 'payout'");
      const sessions = await stage(cluster(), control, databases[0], [{waits: 'SELECT * FROM books'}]);
      const lines = await treeAndEnd(sessions);
      await owner.query("ROLLBACK PREPARED 'payout'");
      expect(lines).toEqual([
        expect.stringMatching(
          /^ prepared transaction blocks 1 'payout' of pgtop@test_\w+, T: only ROLLBACK or COMMIT PREPARED ends it$/,
        ),
        ' └─#1 waits T for AccessShare on books',
      ]);
    });

    // It takes seconds of both cores until a writer stands still at the right place.
    if (major !== heavyRounds(Math.max(...majors), major, major)) return;
    test('the extension of a table is drawn', async () => {
      await control.query('CREATE TABLE heap (filler text)');
      const writers = await Promise.all([1, 2, 3, 4].map(() => cluster().connect({database: databases[0]})));
      for (const writer of writers)
        void writer.backgroundQuery(
          "INSERT INTO heap SELECT repeat('x', 1500) FROM generate_series(1, 10000000)",
        );
      // The lock is held for moments only: the writers are stopped again and again until one stands still with it.
      const pids = writers.map(({pid}) => pid);
      const signalAll = (signal: 'SIGSTOP' | 'SIGCONT') => {
        for (const pid of pids) process.kill(pid, signal);
      };
      const look = async () => {
        signalAll('SIGSTOP');
        // One that stands still with what the server itself needs would stop everything.
        const wake = setTimeout(() => signalAll('SIGCONT'), 400);
        try {
          const rows = await control.query(
            "SELECT FROM pg_locks WHERE locktype = 'extend' GROUP BY granted HAVING bool_and(pid = ANY ($1))",
            [pids],
          );
          if (rows.length < 2) return null;
          await takeSnapshot(monitor);
          const tree = treeOf(await takeSnapshot(monitor), pids);
          return tree.some(line => line.includes('extension of heap')) ? tree : null;
        } finally {
          clearTimeout(wake);
          signalAll('SIGCONT');
        }
      };
      const lines = await waitFor(
        'a writer that stands still with the lock',
        async () => {
          for (let turn = 0; turn < 50; turn++) {
            const tree = await look();
            if (tree !== null) return tree;
            // The writers go on meanwhile.
            await control.query('SELECT');
          }
          return null;
        },
        60_000,
      );
      await treeAndEnd(writers);
      expect(lines[0]).toMatch(/^ #\d blocks \d active T/);
      expect(lines[1]).toMatch(/^ [├└]─#\d .*waits T for Exclusive on extension of heap/);
    }, 90_000);
  },
  {deadlock_timeout: '1h'},
);
