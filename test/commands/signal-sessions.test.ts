import type {ChildProcess} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Cluster, startCluster, type TestSession} from '../helpers/cluster.ts';
import {majors, missingReason, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {buildIfMissing, endOf, type Ran, runPgtop, spawnPgtop} from './run-pgtop.ts';

const major = Math.max(...majors);

describe.skipIf(programsOfMajor(major) === null)(
  `signals from the command line, ${programsOfMajor(major) === null ? missingReason(major) : `on PostgreSQL ${major}`}`,
  () => {
    let cluster: Cluster;
    let control: TestSession;
    const folder = mkdtempSync(join(tmpdir(), 'pgtop-signals-'));
    const log = join(folder, 'audit.jsonl');

    const run = (words: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
      runPgtop(cluster, [...words, '--audit-log', log], env);
    const isThere = async (pid: number) =>
      (await control.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).length > 0;
    const records = () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line));
    const recordsOf = (pid: number) =>
      records()
        .filter(({target}) => target.pid === pid)
        .map(({event, result}) => [event, result]);

    /** A session of this application that runs a query for ten minutes. */
    const openBusy = async (applicationName: string, query = 'SELECT pg_sleep(600)') => {
      const session = await cluster.connect({applicationName});
      const outcome = session.backgroundQuery(query);
      await waitFor('the query', async () => {
        const [row] = await control.query('SELECT state FROM pg_stat_activity WHERE pid = $1', [session.pid]);
        return row?.state === 'active';
      });
      return {pid: session.pid, session, outcome};
    };

    beforeAll(async () => {
      await buildIfMissing();
      cluster = await startCluster(major);
      control = await cluster.connect();
      await control.query(
        'CREATE ROLE clerk LOGIN; CREATE ROLE onlooker LOGIN; GRANT pg_monitor TO onlooker',
      );
    });
    afterAll(async () => {
      await cluster.stop();
      rmSync(folder, {recursive: true, force: true});
    });

    test('nobody is signalled by a regular expression that takes too long on what others run', async () => {
      const trap = await openBusy('trap', `SELECT pg_sleep(600), '${'y'.repeat(900)}'`);
      for (const filter of ['!/(y+y+)+z/', 'app:trap /(y+y+)+z/']) {
        const {code, stdout, stderr} = await run(['terminate', '--filter', filter, '--yes']);
        expect([code, stdout]).toEqual([2, '']);
        expect(stderr).toContain('takes too long on these sessions');
      }
      expect(await isThere(trap.pid)).toBe(true);
      await control.query('SELECT pg_terminate_backend($1)', [trap.pid]);
    });

    test('terminate ends the sessions that a filter holds for, and no others', async () => {
      const mine = [await openBusy('billing'), await openBusy('billing')];
      const other = await openBusy('payroll');
      const {code, stdout, stderr} = await run(['terminate', '--filter', 'app=billing', '--yes']);
      expect([code, stderr]).toEqual([0, '']);
      const [title, ...rows] = stdout.split('\n');
      expect(title).toMatch(/^ *PID USER +DATABASE APP +STATE +AGE QUERY +RESULT$/);
      expect(rows).toHaveLength(mine.length + 1);
      // In the server's order, which is that of the places in its memory.
      for (const {pid} of mine)
        expect(rows).toContainEqual(
          expect.stringMatching(
            new RegExp(`^ *${pid} pgtop postgres billing active .* SELECT pg_sleep.* ended after \\d+ ms$`),
          ),
        );
      expect(await Promise.all([...mine, other].map(({pid}) => isThere(pid)))).toEqual([false, false, true]);
    });

    test('cancel ends the query and leaves the session', async () => {
      const {pid, outcome} = await openBusy('report');
      const {code, stdout} = await run(['cancel', String(pid), '--yes', '--reason', 'too slow']);
      expect([code, stdout]).toEqual([0, expect.stringContaining('query cancelled after')]);
      expect(await outcome).toMatchObject({type: 'failed', error: {code: '57014'}});
      expect(await isThere(pid)).toBe(true);
      expect(records().at(-1)).toMatchObject({event: 'outcome', reason: 'too slow', result: 'cancelled'});
      expect(recordsOf(pid)).toEqual([
        ['signal', null],
        ['outcome', 'cancelled'],
      ]);
    });

    test('--dry-run prints the targets and touches nothing, the log neither', async () => {
      const {pid} = await openBusy('dry');
      const before = records().length;
      const {code, stdout} = await run(['terminate', '--filter', 'app=dry', '--dry-run']);
      expect([code, stdout]).toEqual([0, expect.stringContaining('would be signalled')]);
      expect([await isThere(pid), records().length]).toEqual([true, before]);
    });

    test('--format json tells each target with its identity, and what was skipped and why', async () => {
      const {pid} = await openBusy('mixed');
      const idle = await cluster.connect({applicationName: 'mixed'});
      const {code, stdout} = await run(['cancel', '--filter', 'app=mixed', '--yes', '--format', 'json']);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        action: 'cancel',
        dry_run: false,
        server: {version_num: expect.any(Number)},
        targets: [
          {pid, backend_start: expect.any(String), result: 'cancelled', after_ms: expect.any(Number)},
        ],
        skipped: [{pid: idle.pid, reason: 'not-cancellable'}],
      });
    });

    test('without a terminal --yes is needed', async () => {
      const {pid} = await openBusy('asked');
      const {code, stderr} = await run(['terminate', String(pid)]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('there is no terminal to ask on')]);
      expect(await isThere(pid)).toBe(true);
    });

    test.each([
      [['terminate', '--yes'], 'takes PID... or --filter EXPR'],
      [['terminate', '7', '--filter', 'app=x', '--yes'], 'takes PID... or --filter EXPR'],
      [['terminate', 'shop', '--yes'], '"shop" is no process id'],
      [['cancel', '-7', '--yes'], ''],
      [['cancel', '0', '--yes'], '"0" is no process id'],
      [['cancel', '7', '--wait', 'x', '--yes'], '--wait takes 0 to 3600 seconds'],
      [['cancel', '--filter', 'query>x', '--yes'], '--filter: '],
      [['terminate', '--filter', ' ', '--yes'], 'an empty --filter would hold for every session'],
      [['sessions', '--yes'], '--yes does not belong to pgtop sessions'],
    ])('%j is a usage error', async (words, message) => {
      const {code, stderr, stdout} = await runPgtop(cluster, words);
      expect([code, stderr, stdout]).toEqual([2, expect.stringContaining(message), '']);
    });

    test('nothing that matches, and a pid that is gone, are exit code 3', async () => {
      const none = await run(['terminate', '--filter', 'app=nobody', '--yes']);
      expect([none.code, none.stdout]).toEqual([3, 'no session matches\n']);
      const gone = await run(['terminate', '2000000000', '--yes']);
      expect([gone.code, gone.stdout]).toEqual([3, expect.stringContaining('no session has this pid')]);
    });

    test('a pid that is gone among others is told and noted, and does no harm', async () => {
      const {pid} = await openBusy('among');
      const {code, stdout} = await run(['terminate', String(pid), '2000000001', '--yes']);
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(/ended after[\s\S]*gone: no session has this pid/),
      ]);
      expect(recordsOf(2_000_000_001)).toEqual([['outcome', 'gone']]);
    });

    test('what is not permitted is skipped, told, noted, and exit code 3', async () => {
      const {pid} = await openBusy('forbidden');
      const {code, stdout} = await run(['terminate', '-U', 'onlooker', String(pid), '--yes']);
      expect([code, stdout]).toEqual([3, expect.stringContaining('skipped: ')]);
      expect(stdout).toContain('only a superuser may terminate a session of the superuser pgtop');
      expect([await isThere(pid), recordsOf(pid)]).toEqual([true, [['outcome', 'refused']]]);
    });

    test('a target that does not obey in time is still there, and exit code 3', async () => {
      const {pid} = await openBusy('frozen');
      process.kill(pid, 'SIGSTOP');
      try {
        const {code, stdout} = await run(['terminate', String(pid), '--yes', '--wait', '0.3']);
        expect([code, stdout]).toEqual([
          3,
          expect.stringMatching(/still there [\d.]+m?s after the terminate/),
        ]);
        expect(recordsOf(pid)).toEqual([
          ['signal', null],
          ['outcome', 'still-there'],
        ]);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    });

    /** The command on a session that obeys no signal, once it has been signalled, and what became of the command. */
    const interrupted = async (interrupt: (child: ChildProcess) => unknown) => {
      const {pid} = await openBusy('frozen');
      process.kill(pid, 'SIGSTOP');
      try {
        const words = ['terminate', String(pid), '--yes', '--wait', '600', '--audit-log', log];
        const child = spawnPgtop(cluster, words);
        const [ended, stdout] = [endOf(child), text(child.stdout)];
        await waitFor('the signal', async () => existsSync(log) && recordsOf(pid).length > 0);
        await interrupt(child);
        const {code} = await ended;
        return {code, stdout: await stdout, results: recordsOf(pid).map(([, result]) => result)};
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    };

    test.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const)('%s ends the wait, and what is known by then is told and noted', async (signal, expected) => {
      const {code, stdout, results} = await interrupted(child => child.kill(signal));
      expect(code).toBe(expected);
      // The server may not have answered yet.
      expect(results).toEqual([null, expect.stringMatching(/^(?:signalled|unknown)$/)]);
      expect(stdout).toMatch(/signalled, and left before|not known: pgtop ended before/);
    });

    test('a connection that is lost ends the wait: the outcome is not known', async () => {
      const {code, stdout, results} = await interrupted(() =>
        control.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'scripted pgtop'",
        ),
      );
      expect([code, results]).toEqual([1, [null, 'unknown']]);
      expect(stdout).toContain('not known: ');
    });

    test('PGTOP_READ_ONLY lets no signal be sent, but a dry run', async () => {
      const {pid} = await openBusy('protected');
      for (const value of ['1', 'local', '/*']) {
        const {code, stderr} = await run(['terminate', String(pid), '--yes'], {PGTOP_READ_ONLY: value});
        expect([code, stderr]).toEqual([
          2,
          expect.stringContaining('PGTOP_READ_ONLY lets no signal be sent'),
        ]);
      }
      expect(await isThere(pid)).toBe(true);
      const dry = await run(['terminate', String(pid), '--dry-run'], {PGTOP_READ_ONLY: '1'});
      expect(dry.code).toBe(0);
      const elsewhere = await run(['terminate', String(pid), '--yes'], {PGTOP_READ_ONLY: 'db1,prod-*'});
      expect(elsewhere.code).toBe(0);
    });

    test('a log that cannot be written is told, and the signal is sent all the same', async () => {
      const {pid} = await openBusy('unlogged');
      const ran = await runPgtop(cluster, ['terminate', String(pid), '--yes', '--audit-log', '/dev/full']);
      expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('the audit log was not written')]);
      const unwritable = ['--audit-log', join(log, 'audit.jsonl')];
      const next = await openBusy('unlogged');
      const second = await runPgtop(cluster, ['terminate', String(next.pid), '--yes', ...unwritable]);
      expect([second.code, second.stderr]).toEqual([
        0,
        expect.stringContaining('the audit log cannot be written'),
      ]);
    });

    test('a password in a query is masked in the log', async () => {
      const {pid} = await openBusy('secrets', "SELECT pg_sleep(600), 'ALTER ROLE x PASSWORD ''hush'''");
      await run(['cancel', String(pid), '--yes']);
      expect(recordsOf(pid)).toHaveLength(2);
      expect(readFileSync(log, 'utf8')).not.toContain('hush');
    });

    test('idle in transaction for long is ended by the recipe of the README', async () => {
      const session = await cluster.connect({applicationName: 'left open'});
      await session.query('BEGIN; SELECT 1');
      await waitFor('the age', async () => {
        const [row] = await control.query(
          "SELECT clock_timestamp() - state_change > interval '1 second' AS old FROM pg_stat_activity WHERE pid = $1",
          [session.pid],
        );
        return row?.old === true;
      });
      const {code} = await run(['terminate', '--filter', 'state:idletx state>1s', '--yes']);
      expect([code, await isThere(session.pid)]).toEqual([0, false]);
    });
  },
);
