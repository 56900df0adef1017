import {beforeAll, expect, test} from 'vitest';
import {blastRadius, cancelRadius} from '../../source/model/blast-radius.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {blockersByPid, describeOnSharedServers, openMonitor, settledSnapshot} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {type Part, stage, waitInVain} from './scenes.ts';

const LOCK_STOCK = (mode: string): Part => ({opening: 'BEGIN', waits: `LOCK stock IN ${mode} MODE`});
const WRITER: Part = {opening: 'BEGIN', waits: 'UPDATE stock SET amount = amount + 1 WHERE id = 1'};
const HOLDS_STOCK: Part = {opening: 'BEGIN; LOCK stock IN ACCESS SHARE MODE'};
const SHARES_STOCK: Part = {opening: 'BEGIN; LOCK stock IN SHARE MODE'};
const waitsForKey = (key: number): Part => ({
  opening: 'BEGIN',
  waits: `SELECT pg_advisory_xact_lock_shared(${key})`,
});
const LOCKS_KEY = 'SELECT pg_advisory_lock(4711)';
const RUNS = 'SELECT pg_sleep(3600)';

/** A situation: its sessions, which of them are signalled together, and how many are then freed and stay. */
type Situation = {
  readonly parts: readonly Part[];
  readonly targets: readonly number[];
  /** Cancels instead of terminating; the targets then run this first. */
  readonly cancelled?: string;
  /** A session that waits for another only when all are there. */
  readonly last?: readonly [session: number, waits: string];
  readonly radius: readonly [freed: number, stillWaiting: number];
};

const SITUATIONS: Readonly<Record<string, Situation>> = {
  'the root of a chain': {
    parts: [
      {opening: 'BEGIN; LOCK stock'},
      {opening: 'BEGIN; LOCK returns', waits: 'LOCK stock'},
      {opening: 'BEGIN', waits: 'LOCK returns'},
    ],
    targets: [0],
    radius: [1, 1],
  },
  'the writer of a row that four others want': {
    parts: [{opening: 'BEGIN; UPDATE stock SET amount = 0 WHERE id = 1'}, WRITER, WRITER, WRITER, WRITER],
    targets: [0],
    radius: [1, 3],
  },
  'the first in the queue for a row': {
    parts: [{opening: 'BEGIN; UPDATE stock SET amount = 0 WHERE id = 1'}, WRITER, WRITER, WRITER],
    targets: [1],
    radius: [0, 2],
  },
  'the writer of a row and the first in its queue': {
    parts: [{opening: 'BEGIN; UPDATE stock SET amount = 0 WHERE id = 1'}, WRITER, WRITER, WRITER],
    targets: [0, 1],
    radius: [1, 1],
  },
  'an ACCESS EXCLUSIVE wish with readers behind it': {
    parts: [
      HOLDS_STOCK,
      LOCK_STOCK('ACCESS EXCLUSIVE'),
      ...Array.from({length: 3}, () => LOCK_STOCK('ACCESS SHARE')),
    ],
    targets: [1],
    radius: [3, 0],
  },
  'who holds up such a wish': {
    parts: [
      HOLDS_STOCK,
      LOCK_STOCK('ACCESS EXCLUSIVE'),
      ...Array.from({length: 3}, () => LOCK_STOCK('ACCESS SHARE')),
    ],
    targets: [0],
    radius: [1, 3],
  },
  'one of two who share a lock': {
    parts: [SHARES_STOCK, SHARES_STOCK, LOCK_STOCK('ROW EXCLUSIVE')],
    targets: [0],
    radius: [0, 1],
  },
  'both of them': {
    parts: [SHARES_STOCK, SHARES_STOCK, LOCK_STOCK('ROW EXCLUSIVE'), LOCK_STOCK('SHARE')],
    targets: [0, 1],
    radius: [1, 1],
  },
  'the holder of an advisory lock that three want to share': {
    parts: [{opening: LOCKS_KEY}, waitsForKey(4711), waitsForKey(4711), waitsForKey(4711)],
    targets: [0],
    radius: [3, 0],
  },
  'the writer of three rows': {
    parts: [
      {opening: 'BEGIN; UPDATE stock SET amount = 0'},
      ...[1, 2, 3].map(id => ({opening: 'BEGIN', waits: `UPDATE stock SET amount = 1 WHERE id = ${id}`})),
    ],
    targets: [0],
    radius: [3, 0],
  },
  'one of a circle, with somebody behind it': {
    parts: [
      {opening: 'BEGIN; LOCK stock'},
      {opening: 'BEGIN; LOCK returns', waits: 'LOCK stock'},
      {opening: 'BEGIN', waits: 'LOCK returns'},
    ],
    last: [0, 'LOCK returns'],
    targets: [0],
    radius: [1, 1],
  },
  'a wish in the middle of a queue': {
    parts: [SHARES_STOCK, LOCK_STOCK('EXCLUSIVE'), LOCK_STOCK('SHARE'), LOCK_STOCK('ROW EXCLUSIVE')],
    targets: [1],
    radius: [1, 1],
  },
  'the query of a session in a transaction, cancelled': {
    parts: [{opening: 'BEGIN; UPDATE stock SET amount = 0 WHERE id = 1'}, WRITER, WRITER],
    cancelled: RUNS,
    targets: [0],
    radius: [1, 1],
  },
  'the query of a session with an advisory lock of its own, cancelled': {
    parts: [{opening: LOCKS_KEY}, waitsForKey(4711)],
    cancelled: RUNS,
    targets: [0],
    radius: [0, 1],
  },
};

describeOnSharedServers('what is foretold of a signal is what comes of it:', cluster => {
  let control: TestSession;
  let monitor: PreparedSession;
  let database: string;

  beforeAll(async () => {
    database = await cluster().createDatabase();
    control = await cluster().connect({database});
    monitor = await openMonitor(cluster(), {database});
    await control.query(
      'CREATE TABLE stock AS SELECT id, 0 AS amount FROM generate_series(1, 3) AS id; CREATE TABLE returns ()',
    );
  });

  /** How many of these wait for a lock, and how many statements are through. */
  const told = async (pids: readonly number[]) => {
    const rows = await control.query<{waits: boolean; done: boolean}>(
      "SELECT wait_event_type = 'Lock' AS waits, state = 'idle in transaction' AS done FROM pg_stat_activity WHERE pid = ANY ($1::int[])",
      [pids],
    );
    return {waiting: rows.filter(row => row.waits).length, done: rows.filter(row => row.done).length};
  };

  /** Leaves a query sleeping: one that has not begun cannot be cancelled. */
  const runs = async (session: TestSession, query: string) => {
    void session.backgroundQuery(query);
    await waitFor('the query to sleep', async () => {
      const rows = await control.query(
        "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'",
        [session.pid],
      );
      return rows.length > 0;
    });
  };

  const terminate = (pids: readonly number[]) =>
    control.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS p (pid)', [pids]);

  /** Nobody of a scene may be in the way of the next one. */
  const endScene = async (pids: readonly number[]) => {
    await terminate(pids);
    await waitFor('the end of the scene', async () => {
      const rows = await control.query('SELECT FROM pg_stat_activity WHERE pid = ANY ($1::int[])', [pids]);
      return rows.length === 0;
    });
  };

  test.each(Object.entries(SITUATIONS))('%s', async (_, {parts, targets, last, cancelled, radius}) => {
    const sessions = await stage(cluster(), control, database, parts);
    const pids = sessions.map(({pid}) => pid);
    try {
      if (last !== undefined) await waitInVain(control, sessions[last[0]], last[1]);
      const signalled = targets.flatMap(target => sessions[target] ?? []);
      if (cancelled !== undefined) for (const session of signalled) await runs(session, cancelled);
      const targetPids = signalled.map(({pid}) => pid);
      const others = pids.filter(pid => !targetPids.includes(pid));
      const {snapshot} = await settledSnapshot(monitor, control, pids);
      const radiusOf = cancelled === undefined ? blastRadius : cancelRadius;
      const {freed, stillWaiting, behind} = radiusOf(snapshot.forest, new Set(targetPids));
      expect([freed, stillWaiting]).toEqual(radius);

      const before = await told(others);
      if (cancelled === undefined) await terminate(targetPids);
      else await control.query('SELECT pg_cancel_backend($1)', [targetPids[0]]);
      await waitFor('those who are freed to be through, and the others to wait', async () => {
        const now = await told(others);
        const blockers = await blockersByPid(control, pids);
        const named = new Set([...blockers.values()].flat());
        return (
          now.done === before.done + freed &&
          now.waiting === before.waiting - freed &&
          behind.every(({id}) => blockers.get(id)?.length === 0 && named.has(id))
        );
      });
    } finally {
      await endScene(pids);
    }
  });

  test('a prepared transaction, rolled back', async () => {
    const gid = `radius of ${database}`;
    const [owner] = await stage(cluster(), control, database, [{opening: 'BEGIN; LOCK returns'}]);
    await owner?.query(`PREPARE TRANSACTION '${gid}'`);
    const readers = await stage(cluster(), control, database, [
      {opening: 'BEGIN', waits: 'LOCK returns IN SHARE MODE'},
      {opening: 'BEGIN', waits: 'LOCK returns IN SHARE MODE'},
      {opening: 'BEGIN', waits: 'LOCK returns IN EXCLUSIVE MODE'},
    ]);
    const pids = readers.map(({pid}) => pid);
    const {snapshot} = await settledSnapshot(monitor, control, pids);
    const [root] = snapshot.forest.roots.filter(({id}) => snapshot.preparedXacts.get(id)?.gid === gid);
    const {freed, stillWaiting} = blastRadius(snapshot.forest, new Set([root?.id ?? 0]));
    expect([freed, stillWaiting]).toEqual([2, 1]);
    await control.query(`ROLLBACK PREPARED '${gid}'`);
    await waitFor('those who are freed to be through', async () => {
      const {waiting, done} = await told(pids);
      return done === freed && waiting === stillWaiting;
    });
    await endScene(pids);
  });
});
