import {spawn} from 'node:child_process';
import {expect, onTestFinished, test} from 'vitest';
import type {Batch} from '../../source/model/batch.ts';
import {compileFilter} from '../../source/model/filter/compile-filter.ts';
import {parseFilter} from '../../source/model/filter/parse-filter.ts';
import type {Session} from '../../source/model/session.ts';
import {describeOnServer} from '../e2e/pgtop.ts';
import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {closeMonitors, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {type Random, randomFrom} from '../helpers/random.ts';
import {seenBy, signalBatch} from '../helpers/signalling.ts';
import {press, pressed, stateWith, write} from '../helpers/states.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {runPgtop} from './run-pgtop.ts';

const SELECTIONS = heavyRounds(5, 50, 1_000);
const COMMANDS = heavyRounds(1, 5, 50);
const CROWD = 5;
/** Pids given out next, one of which pgtop's own backend gets. */
const PIDS_AHEAD = 1_000;

/** Filters that hold for pgtop's own session, as every other session sees it. */
const FILTERS = [
  'app=crowd',
  'user=pgtop',
  'app:crow user:pgtop',
  '!app=other',
  '!state:idletx',
  'type:client',
  '/crowd|other/',
  'pgtop',
  '!blocked !waiting',
  'session<1h',
] as const;

const filterText = (random: Random) => `${random.pick(FILTERS)} db=postgres`;

function holdsFor(text: string, session: Session): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message}`);
  return compileFilter(parsed.filter)(session, {isTagged: () => false});
}

/** What the keys of somebody who terminates at random come to; null where they come to nothing. */
function confirmedBatch(data: Awaited<ReturnType<typeof takeSnapshot>>, random: Random): Batch | null {
  const filtered = press(write(press(stateWith(data), '5', '/'), filterText(random)), 'enter');
  const moves = Array.from({length: random.below(CROWD)}, () => 'down');
  const chosen = random.pick<readonly string[]>([
    ['A'],
    ['space', 'space'],
    ['space'],
    [],
    ['7'],
    ['7', 'g'],
  ]);
  const asked = press(filtered, ...moves, ...chosen, 'k');
  if (asked.mode.type !== 'confirm') return null;
  const {commands} = pressed(asked, ...(asked.mode.toType ?? ''), 'y');
  const [command] = commands.filter(({type}) => type === 'signal');
  return command?.type === 'signal' ? command.batch : null;
}

/** Fills up a crowd that looks as pgtop's own session does. */
async function gather(cluster: Cluster, crowd: readonly TestSession[], left: ReadonlySet<number>) {
  const living = crowd.filter(({pid}) => left.has(pid));
  const missing = Array.from({length: CROWD - living.length}, () =>
    cluster.connect({applicationName: 'crowd'}),
  );
  return [...living, ...(await Promise.all(missing))];
}

describeOnServer("the program's own session", cluster => {
  /** The pids of the crowd that are there. It is asked in another database, which no filter here holds for. */
  const leftOf = async () => {
    const control = await cluster().connect({database: 'template1'});
    const rows = await control.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'crowd'");
    control.end();
    return new Set(rows.map(({pid}) => Number(pid)));
  };

  test(`is in no selection of the monitor that holds for it (${SELECTIONS})`, {
    timeout: 90_000 + SELECTIONS * 2_000,
  }, async () => {
    onTestFinished(() => closeMonitors(cluster()));
    const monitor = await openMonitor(cluster(), {applicationName: 'crowd'});
    const {connection} = monitor;
    const other = await openMonitor(cluster(), {database: 'template1'});
    const {session: own} = await seenBy(other, connection.processId);
    expect(FILTERS.filter(text => !holdsFor(`${text} db=postgres`, own))).toEqual([]);

    const random = randomFrom(8);
    let crowd: readonly TestSession[] = [];
    let signalled = 0;
    for (let round = 0; round < SELECTIONS; round++) {
      crowd = await gather(cluster(), crowd, await leftOf());
      const batch = confirmedBatch(await takeSnapshot(monitor), random);
      if (batch === null) continue;
      expect(batch.targets.map(({target}) => target.pid)).not.toContain(connection.processId);
      const run = await signalBatch(monitor, batch, 30_000);
      expect(run.targets.map(({progress}) => progress.type)).toEqual(batch.targets.map(() => 'ended'));
      expect(connection.endReason()).toBeNull();
      signalled += batch.targets.length;
    }
    console.log(`${signalled} sessions terminated in ${SELECTIONS} selections, never its own`);
    expect(signalled).toBeGreaterThan(SELECTIONS / 2);
  });

  test(`is left alone by pgtop terminate, by filter and by pid (${COMMANDS} each)`, {
    timeout: 90_000 + COMMANDS * 20_000,
  }, async () => {
    // The monitor of the test before looked as the crowd does, and may take a moment to go.
    await waitFor('nobody to be left', async () => (await leftOf()).size === 0);
    const words = ['terminate', '--yes', '--format', 'json', '--audit-log', 'none'];
    const env = {PGAPPNAME: 'crowd'};
    const random = randomFrom(26);
    for (let round = 0; round < COMMANDS; round++) {
      const crowd = await gather(cluster(), [], new Set());
      const {code, stdout, stderr} = await runPgtop(
        cluster(),
        [...words, '--filter', filterText(random)],
        env,
      );
      const {targets, skipped} = JSON.parse(stdout);
      expect([code, stderr, targets.map(({pid}: {pid: number}) => pid).sort()]).toEqual([
        0,
        '',
        crowd.map(({pid}) => pid).sort(),
      ]);
      expect(skipped).toEqual([]);
    }
    for (let hits = 0, round = 0; hits < COMMANDS; round++) {
      // Others may have begun more processes meanwhile, or pids began anew.
      expect(round).toBeLessThan(10 * COMMANDS);
      const next = spawn('true').pid ?? 0;
      const pids = Array.from({length: PIDS_AHEAD}, (_, index) => String(next + index));
      const {code, stdout, stderr} = await runPgtop(cluster(), [...words, ...pids], env);
      const {targets, skipped} = JSON.parse(stdout);
      expect([code, stderr, new Set(targets.map(({result}: {result: string}) => result))]).toEqual([
        3,
        '',
        new Set(['gone']),
      ]);
      if (skipped.some(({reason}: {reason: string}) => reason === 'own-session')) hits++;
    }
  });
});
