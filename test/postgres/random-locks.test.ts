import {beforeAll, expect, test} from 'vitest';
import {readLockWaits, snapshotOf} from '../../source/model/snapshot.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {
  describeOnOwnServers,
  edgesOf,
  openMonitor,
  settledSnapshot,
  waitersBehind,
} from '../helpers/monitoring.ts';
import {type Random, randomFrom} from '../helpers/random.ts';
import {play, reset, type Scene} from './random-scene.ts';
import {SHARED_OBJECTS, sceneObjects} from './random-statements.ts';

/** How many graphs of waits are compared on each server: scenes that are played at once, round after round. */
const GRAPHS = Number(process.env.PGTOP_TEST_GRAPHS ?? 36);
const SCENES_AT_ONCE = 12;
const PLAYERS = 8;

/** Every fourth player has the server look for deadlocks at once, which rearranges queues; the other circles stay until they were looked at. */
function settingsOf(place: number): string {
  return place % 4 === 0 ? "SET deadlock_timeout = '10ms'; BEGIN" : 'BEGIN';
}

describeOnOwnServers(
  'random locks',
  (cluster, major) => {
    let monitor: PreparedSession;
    let control: TestSession;
    const scenes: Scene[] = [];

    beforeAll(async () => {
      const databases = [await cluster().createDatabase(), await cluster().createDatabase()] as const;
      for (const database of databases) {
        const owner = await cluster().connect({database});
        await owner.query(SHARED_OBJECTS);
        owner.end();
      }
      const random = randomFrom(major);
      monitor = await openMonitor(cluster(), {database: databases[0]});
      control = await cluster().connect();
      for (let number = 0; number < SCENES_AT_ONCE; number++)
        scenes.push(await openScene(number, databases[number % 2] ?? databases[0], random));
    });

    async function openScene(number: number, database: string, random: Random): Promise<Scene> {
      const open = async (settings: string) => {
        const session = await cluster().connect({database});
        await session.query(settings);
        return {session, hanging: null, hasFailed: false};
      };
      const own = await cluster().connect({database});
      await own.query(sceneObjects(number));
      const parallel = major >= 16 ? 'debug_parallel_query' : 'force_parallel_mode';
      const participates =
        major >= 11 ? `SET parallel_leader_participation = ${random.below(2) === 0 ? 'on' : 'off'};` : '';
      return {
        number,
        control: own,
        players: await Promise.all(Array.from({length: PLAYERS}, (_, place) => open(settingsOf(place)))),
        leader: await open(
          `${participates} SET ${parallel} = on; SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET min_parallel_table_scan_size = 0`,
        ),
        builder: await open('SET statement_timeout = 0'),
        prepared: [],
      };
    }

    test(`are read edge by edge as pg_blocking_pids tells them, in ${GRAPHS} graphs`, async () => {
      const random = randomFrom(major);
      const pids = scenes.flatMap(({players, leader, builder}) =>
        [...players, leader, builder].map(({session}) => session.pid),
      );
      const types = new Map<string, number>();
      const kinds = {soft: 0, 'by a worker': 0, 'for a prepared transaction': 0, 'judged by the server': 0};
      let edges = 0;
      let longest = 0;
      for (let graphs = 0; graphs < GRAPHS; graphs += scenes.length) {
        const seeds = scenes.map(() => randomFrom(random.below(2 ** 31)));
        await Promise.all(scenes.map((scene, index) => play(scene, seeds[index] ?? random)));
        const {snapshot, blockers} = await settledSnapshot(monitor, control, pids);
        expect(edgesOf(snapshot, pids)).toEqual(Object.fromEntries(blockers));
        // Without the server's help too, but for those about whom the reading says that it may be wrong.
        const {reading} = snapshot;
        const {waits, doubts} = readLockWaits(reading.locks, reading.backends);
        const inDoubt = new Set(doubts.map(({pid}) => pid));
        const doubted = new Set(waits.flatMap(({pid, waiter}) => (inDoubt.has(pid) ? [waiter] : [])));
        const certain = pids.filter(pid => !doubted.has(pid));
        const unaided = snapshotOf({...reading, blockingPids: []});
        expect(edgesOf(unaided, certain)).toEqual(
          Object.fromEntries(certain.map(pid => [pid, blockers.get(pid)])),
        );
        for (const pid of pids) {
          const total = snapshot.byPid.get(pid)?.blocksInTotal;
          expect([pid, total]).toEqual([pid, waitersBehind(blockers, pid).size]);
          longest = Math.max(longest, total ?? 0);
        }
        edges += [...blockers.values()].flat().length;
        // Before PostgreSQL 13 a spectoken is called a speculative token.
        for (const {lock} of waits) {
          const type = lock.locktype.replace('speculative token', 'spectoken');
          types.set(type, (types.get(type) ?? 0) + 1);
        }
        kinds.soft += waits.filter(({soft}) => soft.count > 0).length;
        kinds['by a worker'] += waits.filter(({pid, waiter}) => pid !== waiter).length;
        kinds['for a prepared transaction'] += waits.filter(({hard}) => hard.some(id => id < 0)).length;
        kinds['judged by the server'] += reading.blockingPids.length;
        await Promise.all(scenes.map(reset));
      }
      const told = JSON.stringify({...Object.fromEntries(types), ...kinds});
      console.log(`PostgreSQL ${major}: ${GRAPHS} graphs, ${edges} edges, waits ${told}`);
      expect(edges).toBeGreaterThan(8 * GRAPHS);
      expect(longest).toBeGreaterThanOrEqual(4);
      // A few graphs need not have them all.
      const wanted = ['advisory', 'object', 'relation', 'spectoken', 'transactionid', 'tuple', 'virtualxid'];
      expect([...types.keys()].sort()).toEqual(expect.arrayContaining(GRAPHS < 100 ? [] : wanted));
      const {'judged by the server': _, ...staged} = kinds;
      if (GRAPHS >= 100) expect(Math.min(...Object.values(staged))).toBeGreaterThan(0);
    }, 300_000);
  },
  {
    max_connections: 200,
    max_prepared_transactions: 50,
    max_worker_processes: 40,
    max_parallel_workers: 32,
    deadlock_timeout: '1h',
  },
);
