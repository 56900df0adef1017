import type {Outcome, TestSession} from '../helpers/cluster.ts';
import type {Random} from '../helpers/random.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {indexStatement, parallelStatement, randomStatement} from './random-statements.ts';

/** One session of a scene, and the query that hangs in it. */
export type Player = {
  readonly session: TestSession;
  hanging: Promise<Outcome> | null;
  /** True when its transaction failed: it lost a deadlock. */
  hasFailed: boolean;
};

/** Sessions in one database that get in each other's way on objects which no other scene touches. */
export type Scene = {
  readonly number: number;
  readonly control: TestSession;
  /** In a transaction each. */
  readonly players: readonly Player[];
  /** Runs queries with parallel workers, in no transaction. */
  readonly leader: Player;
  /** Builds an index, in no transaction. */
  readonly builder: Player;
  readonly prepared: string[];
};

const STEPS = 18;

/** Runs a statement until it is done, failed or waits. */
async function act({control}: Scene, player: Player, statement: string): Promise<Outcome | null> {
  const {session} = player;
  let outcome: Outcome | null = null;
  const hanging = session.backgroundQuery(statement);
  player.hanging = hanging;
  void hanging.then(result => {
    outcome = result;
    if (result.type === 'failed') player.hasFailed = true;
    if (player.hanging === hanging) player.hanging = null;
  });
  await waitFor(`${statement} to be done or to wait`, async () => {
    if (outcome !== null) return true;
    const rows = await control.query(
      "SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND wait_event_type IN ('Lock', 'IPC', 'Timeout')",
      [session.pid],
    );
    return rows.length > 0;
  });
  return outcome;
}

/** Lets the players take locks in turn until nearly all of them wait. */
export async function play(scene: Scene, random: Random): Promise<void> {
  const {number, players, leader, builder, prepared} = scene;
  const [buildsAt, scansAt] = [random.below(2 * STEPS), random.below(2 * STEPS)];
  for (let step = 0; step < STEPS; step++) {
    if (step === scansAt) await act(scene, leader, parallelStatement(number));
    if (step === buildsAt) await act(scene, builder, indexStatement(random, number));
    const [first, ...others] = players.filter(({hanging}) => hanging === null);
    if (first === undefined || others.length === 0) break;
    const player = random.pick([first, ...others]);
    if (player.hasFailed) await player.session.query('ROLLBACK; BEGIN');
    player.hasFailed = false;
    const outcome = await act(scene, player, randomStatement(random, number));
    if (outcome?.type === 'done' && prepared.length === 0 && random.below(12) === 0)
      await prepare(scene, player);
  }
}

/** Prepares a player's transaction, if it may be: not with locks of the session's own. */
async function prepare({number, prepared}: Scene, {session}: Player): Promise<void> {
  const gid = `scene ${number} of ${session.pid}`;
  try {
    await session.query(`PREPARE TRANSACTION '${gid}'`);
    prepared.push(gid);
    await session.query('BEGIN');
  } catch {
    await session.query('ROLLBACK; BEGIN');
  }
}

/** Ends every wait and every transaction, so that the sessions can play again. */
export async function reset({number, control, players, leader, builder, prepared}: Scene): Promise<void> {
  const all = [...players, leader, builder];
  const hanging = all.flatMap(player => player.hanging ?? []);
  await control.query('SELECT pg_cancel_backend(pid) FROM unnest($1::int[]) AS p (pid)', [
    all.flatMap(player => (player.hanging === null ? [] : [player.session.pid])),
  ]);
  await Promise.all(hanging);
  await Promise.all(
    players.map(({session}) => session.query('ROLLBACK; SELECT pg_advisory_unlock_all(); BEGIN')),
  );
  for (const player of all) player.hasFailed = false;
  for (const gid of prepared.splice(0)) await control.query(`ROLLBACK PREPARED '${gid}'`);
  await control.query(`DROP INDEX IF EXISTS i${number}`);
}
