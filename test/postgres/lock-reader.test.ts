import {beforeAll, expect, test} from 'vitest';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {waitObject} from '../../source/model/wait-object.ts';
import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {
  describeOnSharedServers,
  edgesOf,
  inOrder,
  openMonitor,
  settledSnapshot,
  waitersBehind,
} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {type Part, stage, waitInVain} from './scenes.ts';

describeOnSharedServers('the lock-wait forest', (cluster, major) => {
  let snapshot: Snapshot;
  let blockers: ReadonlyMap<number, readonly number[]>;
  let databases: readonly [string, string, string];
  let pidsOf: Readonly<Record<string, readonly number[]>>;
  let prepared: readonly string[];

  const pid = (scene: string, index: number) => pidsOf[scene]?.[index] ?? 0;
  const blockedBy = (scene: string, index: number) =>
    inOrder(snapshot.byPid.get(pid(scene, index))?.blockedBy ?? []);
  const total = (scene: string, index: number) => snapshot.byPid.get(pid(scene, index))?.blocksInTotal;
  const objectOf = (scene: string, index: number) => {
    const wait = snapshot.forest.nodes.get(pid(scene, index))?.wait;
    return wait ? waitObject(wait.lock, snapshot.relationNames) : null;
  };

  beforeAll(async () => {
    const names = [];
    for (let made = 0; made < 3; made++) names.push(await cluster().createDatabase());
    databases = names as unknown as typeof databases;
    const [here, there, elsewhere] = databases;
    await prepareTables(cluster(), here, there);
    const monitor = await openMonitor(cluster(), {database: here});
    const control = await cluster().connect({database: here});
    const parallel = major >= 16 ? 'debug_parallel_query' : 'force_parallel_mode';
    const scenes: Readonly<Record<string, readonly Part[]>> = {
      chain: [
        {opening: 'BEGIN; LOCK orders'},
        {opening: 'BEGIN; LOCK items', waits: 'LOCK orders'},
        {waits: 'SELECT * FROM items'},
      ],
      queue: [
        {opening: 'BEGIN; SELECT * FROM customers'},
        {waits: 'ALTER TABLE customers ADD note text'},
        ...Array.from({length: 4}, () => ({waits: 'SELECT * FROM customers'})),
      ],
      fan: [
        {database: there, opening: 'BEGIN; UPDATE stock SET amount = 1 WHERE id = 1'},
        ...Array.from({length: 6}, () => ({
          database: there,
          waits: 'UPDATE stock SET amount = 2 WHERE id = 1',
        })),
      ],
      advisory: [
        {database: elsewhere, opening: 'SELECT pg_advisory_lock(4711), pg_advisory_lock(-1, 7)'},
        {database: elsewhere, waits: 'SELECT pg_advisory_lock_shared(4711)'},
        {database: elsewhere, waits: 'SELECT pg_advisory_xact_lock(-1, 7)'},
      ],
      holders: [
        {opening: 'BEGIN; LOCK returns IN SHARE MODE'},
        {opening: 'BEGIN; LOCK returns IN SHARE MODE'},
        {waits: 'INSERT INTO returns VALUES (1)'},
      ],
      prepared: [{waits: 'INSERT INTO invoices VALUES (1)'}],
      jump: [
        {opening: 'BEGIN; LOCK jobs IN ACCESS SHARE MODE'},
        {opening: 'BEGIN; LOCK jobs IN ROW EXCLUSIVE MODE'},
        {waits: 'LOCK jobs IN ACCESS EXCLUSIVE MODE'},
      ],
      circle: [
        {opening: 'BEGIN; LOCK left_side'},
        {opening: 'BEGIN; LOCK right_side', waits: 'LOCK left_side'},
      ],
      parallel: [
        {opening: `SET ${parallel} = on; SET max_parallel_workers_per_gather = 2`},
        {waits: 'ALTER TABLE facts ADD note text'},
      ],
    };
    prepared = [`payout of ${here}`, `refund of ${here}`];
    const payer = await cluster().connect({database: here});
    for (const gid of prepared) {
      await payer.query(
        `BEGIN; LOCK invoices IN SHARE MODE; SAVEPOINT inner_one; INSERT INTO payments VALUES (1); PREPARE TRANSACTION '${gid}'`,
      );
    }
    const staged = await Promise.all(
      Object.entries(scenes).map(async ([name, parts]) => {
        const sessions = await stage(cluster(), control, here, parts, async ([first], next) => {
          // The leader has to hold its lock, and its worker too, before somebody wants the table.
          if (name === 'parallel' && next === 1 && first !== undefined) await runParallel(control, first);
        });
        return [name, sessions] as const;
      }),
    );
    const sessionsOf = Object.fromEntries(staged);
    await waitInVain(control, sessionsOf.jump?.[0], 'LOCK jobs IN SHARE MODE');
    await waitInVain(control, sessionsOf.circle?.[0], 'LOCK right_side');
    pidsOf = Object.fromEntries(staged.map(([name, sessions]) => [name, sessions.map(({pid}) => pid)]));
    // Relations get their names in the refresh after the one that first met them.
    await monitor.collector.collect();
    ({snapshot, blockers} = await settledSnapshot(monitor, control, Object.values(pidsOf).flat()));
    for (const gid of prepared) await payer.query(`ROLLBACK PREPARED '${gid}'`);
  });

  test('has every edge that pg_blocking_pids has, and no other', () => {
    expect(edgesOf(snapshot, [...blockers.keys()])).toEqual(Object.fromEntries(blockers));
  });

  test('counts everybody who waits behind a session, each once', () => {
    for (const blocker of blockers.keys()) {
      const session = snapshot.byPid.get(blocker);
      expect([blocker, session?.blocksInTotal]).toEqual([blocker, waitersBehind(blockers, blocker).size]);
      const direct = [...blockers.values()].filter(list => list.includes(blocker)).length;
      expect([blocker, session?.blocksDirectly]).toEqual([blocker, direct]);
    }
  });

  test('shows a chain as far as its root', () => {
    expect([0, 1, 2].map(index => blockedBy('chain', index))).toEqual([
      [],
      [pid('chain', 0)],
      [pid('chain', 1)],
    ]);
    expect([0, 1, 2].map(index => total('chain', index))).toEqual([2, 1, 0]);
    expect(objectOf('chain', 1)).toBe('orders');
  });

  test('shows readers behind a waiting ALTER TABLE as behind that, and all as behind who holds it up', () => {
    expect(blockedBy('queue', 1)).toEqual([pid('queue', 0)]);
    for (const reader of [2, 3, 4, 5]) expect(blockedBy('queue', reader)).toEqual([pid('queue', 1)]);
    expect([0, 1, 2].map(index => total('queue', index))).toEqual([5, 4, 0]);
    const root = snapshot.forest.roots.find(({id}) => id === pid('queue', 0));
    expect(root?.waiters.map(({id}) => id)).toEqual([pid('queue', 1)]);
    expect(root?.waiters[0]?.waiters).toHaveLength(4);
  });

  test('shows six waiters for one row of another database, whose relation has no name here but its database has', () => {
    expect(total('fan', 0)).toBe(6);
    const waiting = [1, 2, 3, 4, 5, 6].map(index => objectOf('fan', index));
    expect(waiting.filter(object => object?.startsWith('transaction '))).toHaveLength(1);
    expect(waiting.filter(object => object?.startsWith(`row (0,1) of ${databases[1]}/`))).toHaveLength(5);
  });

  test('shows advisory locks with the keys that the application passed', () => {
    expect([1, 2].map(index => blockedBy('advisory', index))).toEqual([
      [pid('advisory', 0)],
      [pid('advisory', 0)],
    ]);
    expect([1, 2].map(index => objectOf('advisory', index))).toEqual(['advisory 4711', 'advisory (-1, 7)']);
  });

  test('shows a waiter under both who hold what it wants', () => {
    expect(blockedBy('holders', 2)).toEqual(inOrder([pid('holders', 0), pid('holders', 1)]));
    const roots = snapshot.forest.roots.filter(({waiters}) =>
      waiters.some(({id}) => id === pid('holders', 2)),
    );
    expect(inOrder(roots.map(({id}) => id))).toEqual(blockedBy('holders', 2));
  });

  test('shows prepared transactions as roots, each with its gid, its owner and its database', () => {
    expect(blockedBy('prepared', 0)).toEqual([0]);
    const waiter = pid('prepared', 0);
    const roots = snapshot.forest.roots.filter(({waiters}) => waiters.some(({id}) => id === waiter));
    const xacts = roots.map(({id}) => snapshot.preparedXacts.get(id));
    expect(xacts.map(xact => xact?.gid).sort()).toEqual(prepared);
    for (const xact of xacts) {
      expect(xact).toMatchObject({
        owner: cluster().user,
        database: databases[0],
        prepared: expect.any(Number),
      });
    }
    expect(roots.map(({blocksInTotal}) => blocksInTotal)).toEqual([1, 1]);
  });

  test('lets a session jump the queue of a lock that it holds already', () => {
    expect(blockedBy('jump', 0)).toEqual([pid('jump', 1)]);
    expect(blockedBy('jump', 2)).toEqual(inOrder([pid('jump', 0), pid('jump', 1)]));
  });

  test('cuts a circle and marks where', () => {
    const [root, ...others] = snapshot.forest.roots.filter(({id}) => pidsOf.circle?.includes(id));
    expect(others).toEqual([]);
    expect(root?.waiters[0]?.waiters[0]).toMatchObject({id: root?.id, cut: 'cycle'});
  });

  test('takes a parallel query for one', () => {
    expect(blockedBy('parallel', 1)).toEqual([pid('parallel', 0)]);
  });

  test('tells since when each waits', () => {
    for (const [waiter, list] of blockers) {
      const since = snapshot.forest.nodes.get(waiter)?.wait?.since;
      if (list.length > 0) expect(since).toBeLessThanOrEqual(snapshot.reading.collectedAt);
    }
  });
});

async function prepareTables(cluster: Cluster, here: string, there: string): Promise<void> {
  const owner = await cluster.connect({database: here});
  const tables = 'orders items customers returns invoices jobs left_side right_side facts payments'.split(
    ' ',
  );
  await owner.query(tables.map(name => `CREATE TABLE ${name} (id int);`).join(' '));
  await owner.query('INSERT INTO facts SELECT generate_series(1, 100)');
  owner.end();
  const neighbour = await cluster.connect({database: there});
  await neighbour.query('CREATE TABLE stock (id int, amount int); INSERT INTO stock VALUES (1, 0)');
  neighbour.end();
}

/** Leaves a parallel query running; resolves when a worker besides the leader holds the table. */
async function runParallel(control: TestSession, leader: TestSession): Promise<void> {
  void leader.backgroundQuery('SELECT pg_sleep(60) FROM facts');
  await waitFor('a parallel worker', async () => {
    const rows = await control.query(
      "SELECT DISTINCT pid FROM pg_locks WHERE relation = 'facts'::regclass AND granted",
    );
    return rows.length > 1;
  });
}
