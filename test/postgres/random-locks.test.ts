import {beforeAll, expect, test} from 'vitest';
import type {PreparedSession} from '../../source/postgres/poller.ts';
import type {Outcome, TestSession} from '../helpers/cluster.ts';
import {
  describeOnSharedServers,
  edgesOf,
  openMonitor,
  settledSnapshot,
  waitersBehind,
} from '../helpers/monitoring.ts';
import {type Random, randomFrom} from '../helpers/random.ts';
import {waitFor} from '../helpers/wait-for.ts';

const SCENES_AT_ONCE = 5;
const ROUNDS = 8;
const SESSIONS = 7;
const STEPS = 14;

const MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

/** One session of a scene, and the query that hangs in it. */
type Player = {readonly session: TestSession; hanging: Promise<Outcome> | null};

/** Something that takes a lock of a scene's own three tables, two rows or two advisory keys. */
function randomStatement(random: Random, scene: number): string {
  const advisory = `${scene}, ${random.below(2)}`;
  const row = `r${scene} WHERE id = ${random.below(2)}`;
  return random.pick([
    `LOCK t${scene}_${random.below(3)} IN ${random.pick(MODES)} MODE`,
    `LOCK t${scene}_${random.below(3)} IN ${random.pick(MODES)} MODE`,
    `LOCK t${scene}_0 IN ${random.pick(MODES)} MODE`,
    `SELECT pg_advisory_xact_lock(${advisory})`,
    `SELECT pg_advisory_xact_lock_shared(${advisory})`,
    `UPDATE r${scene} SET n = n + 1 WHERE id = ${random.below(2)}`,
    `SELECT * FROM ${row} FOR ${random.pick(['UPDATE', 'NO KEY UPDATE', 'SHARE', 'KEY SHARE'])}`,
  ]);
}

/** Runs a statement until it is done, failed or waits for a lock. */
async function act(control: TestSession, player: Player, statement: string): Promise<void> {
  const {session} = player;
  let outcome: Outcome | null = null;
  const hanging = session.backgroundQuery(statement);
  player.hanging = hanging;
  void hanging.then(result => {
    outcome = result;
    if (player.hanging === hanging) player.hanging = null;
  });
  await waitFor(`${statement} to be done or to wait`, async () => {
    if (outcome !== null) return true;
    const rows = await control.query(
      "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'",
      [session.pid],
    );
    return rows.length > 0;
  });
  // The server sees at once when a session waits for itself through one other: the loser begins anew.
  if ((outcome as Outcome | null)?.type === 'failed') await session.query('ROLLBACK; BEGIN');
}

async function play(control: TestSession, players: readonly Player[], random: Random, scene: number) {
  for (let step = 0; step < STEPS; step++) {
    const [first, ...others] = players.filter(({hanging}) => hanging === null);
    if (first === undefined || others.length === 0) return;
    await act(control, random.pick([first, ...others]), randomStatement(random, scene));
  }
}

/** Ends every wait and every transaction, so that the sessions can play again. */
async function reset(control: TestSession, players: readonly Player[]): Promise<void> {
  const hanging = players.flatMap(player => player.hanging ?? []);
  await control.query('SELECT pg_cancel_backend(pid) FROM unnest($1::int[]) AS p (pid)', [
    players.flatMap(player => (player.hanging === null ? [] : [player.session.pid])),
  ]);
  await Promise.all(hanging);
  await Promise.all(players.map(({session}) => session.query('ROLLBACK; BEGIN')));
}

describeOnSharedServers('random locks', (cluster, major) => {
  let control: TestSession;
  let monitor: PreparedSession;
  const scenes: Player[][] = [];

  beforeAll(async () => {
    const database = await cluster().createDatabase();
    control = await cluster().connect({database});
    monitor = await openMonitor(cluster(), {database});
    for (let scene = 0; scene < SCENES_AT_ONCE; scene++) {
      await control.query(
        `CREATE TABLE t${scene}_0 (); CREATE TABLE t${scene}_1 (); CREATE TABLE t${scene}_2 ();
         CREATE TABLE r${scene} AS SELECT id, 0 AS n FROM generate_series(0, 1) AS id`,
      );
      const sessions = Array.from({length: SESSIONS}, () => cluster().connect({database}));
      scenes.push((await Promise.all(sessions)).map(session => ({session, hanging: null})));
    }
    // Circles are to stay until they were looked at.
    const players = scenes.flat();
    await Promise.all(players.map(({session}) => session.query("SET deadlock_timeout = '1h'")));
    await Promise.all(players.map(({session}) => session.query('BEGIN')));
  });

  test('are read edge by edge as pg_blocking_pids tells them', async () => {
    const random = randomFrom(major);
    const pids = scenes.flat().map(({session}) => session.pid);
    let edges = 0;
    let longest = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const seeds = scenes.map(() => randomFrom(random.below(2 ** 31)));
      await Promise.all(
        scenes.map((players, scene) => play(control, players, seeds[scene] ?? random, scene)),
      );
      const {snapshot, blockers} = await settledSnapshot(monitor, control, pids);
      expect(edgesOf(snapshot, pids)).toEqual(Object.fromEntries(blockers));
      for (const pid of pids) {
        const total = snapshot.byPid.get(pid)?.blocksInTotal;
        expect([pid, total]).toEqual([pid, waitersBehind(blockers, pid).size]);
        longest = Math.max(longest, total ?? 0);
      }
      edges += [...blockers.values()].flat().length;
      await reset(control, scenes.flat());
    }
    expect(edges).toBeGreaterThan(5 * ROUNDS * SCENES_AT_ONCE);
    expect(longest).toBeGreaterThanOrEqual(4);
  }, 30_000);
});
