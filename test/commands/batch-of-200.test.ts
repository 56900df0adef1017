import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {countBy} from '../../source/model/count-by.ts';
import {openPgtop} from '../e2e/pgtop.ts';
import {type Cluster, startCluster, type TestSession} from '../helpers/cluster.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {majors, missingReason, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {buildIfMissing, endOf, runPgtop, spawnPgtop} from './run-pgtop.ts';

const major = Math.max(...majors);
const isMissing = programsOfMajor(major) === null;

/** Targets of each kind; those that end are the rest. */
const TOTAL = 200;
const GONE = 20;
const FORBIDDEN = 10;
const FROZEN = 5;
const ENDED = TOTAL - GONE - FORBIDDEN - FROZEN;

const isFatal = (pid: number, signal: NodeJS.Signals) => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by then.
  }
};

describe.skipIf(isMissing)(
  `a batch of ${TOTAL}, ${isMissing ? missingReason(major) : `on PostgreSQL ${major}`}`,
  () => {
    let cluster: Cluster;
    let control: TestSession;
    let folder = '';
    let log = '';
    let frozen: readonly number[] = [];

    const records = (): readonly {event: string; result: string | null; target: {pid: number}}[] =>
      readFileSync(log, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line));
    const outcomes = () =>
      Object.fromEntries(
        countBy(
          records().filter(({event}) => event === 'outcome'),
          ({result}) => String(result),
        ),
      );
    const open = (count: number, user: string) =>
      Promise.all(Array.from({length: count}, () => cluster.connect({user, applicationName: 'crowd'})));

    beforeAll(async () => {
      await buildIfMissing();
      cluster = await startCluster(major, {max_connections: 300});
      control = await cluster.connect();
      await control.query(
        'CREATE ROLE clerk LOGIN; CREATE ROLE signaller LOGIN; GRANT pg_monitor, pg_signal_backend TO signaller',
      );
    });
    afterAll(() => cluster.stop());
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'pgtop-crowd-'));
      log = join(folder, 'audit.jsonl');
    });
    afterEach(async () => {
      for (const pid of frozen) isFatal(pid, 'SIGCONT');
      await control.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'crowd'",
      );
      await waitFor('the crowd to be gone', async () => {
        const rows = await control.query("SELECT FROM pg_stat_activity WHERE application_name = 'crowd'");
        return rows.length === 0;
      });
      rmSync(folder, {recursive: true, force: true});
    });

    /** Sessions that end, superusers' that are forbidden, some that are frozen, and some that will be gone before their turn. */
    const gather = async () => {
      const forbidden = await open(FORBIDDEN, cluster.user);
      const clerks = await open(ENDED + FROZEN + GONE, 'clerk');
      frozen = clerks.slice(ENDED, ENDED + FROZEN).map(({pid}) => pid);
      for (const pid of frozen) isFatal(pid, 'SIGSTOP');
      const leaving = clerks.slice(ENDED + FROZEN).map(({pid}) => pid);
      return {forbidden, clerks, leaving};
    };

    test('with some gone, not permitted and frozen is reported as just that by the command line', async () => {
      const {forbidden, clerks, leaving} = await gather();
      await control.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid', [leaving]);
      await waitFor('some to be gone', async () => {
        const rows = await control.query('SELECT FROM pg_stat_activity WHERE pid = ANY ($1)', [leaving]);
        return rows.length === 0;
      });
      const pids = [...clerks, ...forbidden].map(({pid}) => String(pid));
      const words = [
        'terminate',
        '-U',
        'signaller',
        '--yes',
        // Long enough for the rest to end on a machine that is held up.
        '--wait',
        '6',
        '--format',
        'json',
        '--audit-log',
        log,
      ];
      const {code, stdout} = await runPgtop(cluster, [...words, ...pids]);
      const {targets, skipped} = JSON.parse(stdout);
      const results = countBy(targets as readonly {result: string}[], ({result}) => result);
      expect([code, Object.fromEntries(results), skipped.length]).toEqual([
        3,
        {ended: ENDED, gone: GONE, 'still-there': FROZEN},
        FORBIDDEN,
      ]);
      expect(outcomes()).toEqual({ended: ENDED, gone: GONE, 'still-there': FROZEN, refused: FORBIDDEN});
      expect(records().filter(({event}) => event === 'signal')).toHaveLength(ENDED + FROZEN);
    }, 120_000);

    test('with some gone, not permitted and frozen is reported as just that in the program', async () => {
      const {clerks, leaving} = await gather();
      const terminal = await openPgtop(
        cluster,
        ['--filter', 'app=crowd', '--view', 'all', '--audit-log', log],
        {
          user: 'signaller',
          columns: 120,
          rows: 40,
        },
      );
      const rows = TOTAL - FORBIDDEN;
      await terminal.waitFor(new RegExp(`1 of ${clerks.length + FORBIDDEN}`));
      terminal.press('A');
      await terminal.waitFor(`${TOTAL} tagged`);
      terminal.press('k');
      const dialog = await terminal.waitFor(`type ${rows}`);
      expect(dialog.text).toContain(`Terminate ${rows} sessions?`);
      expect(dialog.text).toContain(`${FORBIDDEN} more are skipped: ${FORBIDDEN} not permitted.`);
      // The targets are frozen by now: these are gone before their turn.
      await control.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid', [leaving]);
      await terminal.waitFor(`${GONE} of them have ended since.`);
      terminal.type(`${rows}y`);
      await terminal.waitFor(`Terminating ${rows} sessions · Esc stops the rest`);
      const clock = (text: string) => /\d\d:\d\d:\d\d/.exec(text)?.[0];
      const startedAt = clock(terminal.screen().text);
      // Refreshes go on while the batch is on its way.
      await terminal.waitFor(({text}) => text.includes('Esc stops the rest') && clock(text) !== startedAt);
      const said = `${ENDED} ended, ${GONE} gone before, ${FROZEN} still there`;
      await terminal.waitFor(said, {deadlineMs: 60_000});
      expect(outcomes()).toEqual({ended: ENDED, gone: GONE, 'still-there': FROZEN, refused: FORBIDDEN});
    }, 180_000);

    test('is stopped by Esc, which leaves the rest alone', async () => {
      await open(TOTAL, 'clerk');
      const terminal = await openPgtop(
        cluster,
        ['--filter', 'app=crowd', '--view', 'all', '--audit-log', log],
        {
          columns: 120,
        },
      );
      await terminal.waitFor(`1 of ${TOTAL}`);
      terminal.press('A', 'k');
      await terminal.waitFor(`type ${TOTAL}`);
      terminal.type(`${TOTAL}y`);
      await terminal.waitFor(/\d+ ended/);
      terminal.press('escape');
      const counts = (text: string) =>
        (/(\d+) ended, (\d+) not signalled/.exec(text) ?? []).slice(1).map(Number);
      // The one that was just being signalled has its outcome a moment later.
      const {text} = await terminal.waitFor(
        screen => counts(screen.text).reduce((a, b) => a + b, 0) === TOTAL,
      );
      const [, left] = counts(text);
      const rows = await control.query("SELECT FROM pg_stat_activity WHERE application_name = 'crowd'");
      expect([rows.length, outcomes()['not-sent']]).toEqual([left, left]);
    }, 120_000);

    const KILLS = heavyRounds(2, 5, 20);

    test(
      `killed in the middle has a complete record of every signal that the server saw, in ${KILLS} rounds`,
      async () => {
        for (let round = 0, kills = 0; kills < KILLS; round++) {
          expect(round).toBeLessThan(3 * KILLS);
          const crowd = await open(80, 'clerk');
          const file = join(folder, `killed-${round}.jsonl`);
          const words = ['terminate', '--filter', 'app=crowd', '--yes', '--audit-log', file];
          const child = spawnPgtop(cluster, words);
          const left = async () =>
            (await control.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'crowd'")).map(
              ({pid}) => pid,
            );
          const until = 5 + ((round * 7) % 25);
          await waitFor('a part of the batch', async () => (await left()).length <= crowd.length - until);
          child.kill('SIGKILL');
          await endOf(child);
          await waitFor('the connection to be gone', async () => {
            const rows = await control.query(
              "SELECT FROM pg_stat_activity WHERE application_name = 'scripted pgtop'",
            );
            return rows.length === 0;
          });
          const remaining = new Set(await left());
          const hit = crowd.map(({pid}) => pid).filter(pid => !remaining.has(pid));
          const text = readFileSync(file, 'utf8');
          expect(text.endsWith('\n')).toBe(true);
          const noted = new Set(
            text
              .split('\n')
              .slice(0, -1)
              .map(line => JSON.parse(line))
              .flatMap(({event, target}) => (event === 'signal' ? [target.pid] : [])),
          );
          expect(hit.filter(pid => !noted.has(pid))).toEqual([]);
          expect(hit.length).toBeGreaterThanOrEqual(until);
          // A test that was held up killed it after its last signal.
          if (remaining.size > 0) kills++;
          await control.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'crowd'",
          );
          await waitFor('the rest to be gone', async () => (await left()).length === 0);
        }
      },
      90_000 + KILLS * 30_000,
    );
  },
);
