import {spawn} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {text} from 'node:stream/consumers';
import {beforeAll, expect, test} from 'vitest';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers} from '../helpers/monitoring.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {fixture} from '../helpers/terminal-for-test.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {parseCsv} from './parse-csv.ts';
import {
  buildIfMissing,
  endOf,
  environmentOf,
  PROGRAM,
  runPgtop,
  runPgtopInto,
  spawnPgtop,
} from './run-pgtop.ts';

const newest = Math.max(...majors.filter(major => programsOfMajor(major) !== null));

describeOnSharedServers(
  'pgtop sessions, as scripts use it',
  cluster => {
    const app = `batch ${process.pid}`;
    const run = (...words: readonly string[]) => runPgtop(cluster(), ['sessions', ...words]);
    let sessions: readonly TestSession[];

    beforeAll(async () => {
      await buildIfMissing();
      const opening = [1, 2, 3].map(() => cluster().connect({applicationName: app}));
      sessions = await Promise.all(opening);
      await sessions[1]?.query("SELECT '=1+1'");
    });

    test('chooses, sorts and limits', async () => {
      const pidsFrom = async (...words: readonly string[]) => {
        const {stdout} = await run('--format', 'json', ...words);
        return JSON.parse(stdout).sessions.map(({pid}: {pid: number}) => pid);
      };
      const ascending = sessions.map(({pid}) => pid).sort((x, y) => x - y);
      const chosen = ['--filter', `app="${app}"`];
      expect(await pidsFrom(...chosen)).toEqual(ascending);
      expect(await pidsFrom(...chosen, '--sort', 'pid:desc', '--limit', '2')).toEqual(
        ascending.toReversed().slice(0, 2),
      );
      expect(await pidsFrom(...chosen, '--sort', 'QUERY', '--limit', '1')).toEqual([sessions[1]?.pid]);
      expect(await pidsFrom('--filter', `app="${app}" !idle`)).toEqual([]);
      expect(await pidsFrom('--limit', '0')).toEqual([]);
    });

    test('prints one JSON object per line for as long as it watches, until a signal ends it', async () => {
      const child = spawnPgtop(cluster(), [
        'sessions',
        '--format',
        'json',
        '--watch',
        '0.2',
        '--filter',
        `app="${app}"`,
      ]);
      const complaints = text(child.stderr);
      const ended = endOf(child);
      const documents: {collected_at: string; sessions: {pid: number}[]}[] = [];
      for await (const line of createInterface(child.stdout)) {
        documents.push(JSON.parse(line));
        if (documents.length === 4) child.kill('SIGINT');
      }
      expect(await ended).toEqual({code: null, signal: 'SIGINT'});
      expect(await complaints).toBe('');
      expect(documents.map(document => document.sessions.length)).toEqual(documents.map(() => 3));
      const times = documents.map(document => document.collected_at);
      expect(new Set(times).size).toBe(times.length);
    });

    test('goes on watching on another session when its own is lost, and says so', async () => {
      const child = spawnPgtop(cluster(), ['sessions', '--format', 'csv', '--watch', '0.2', '--limit', '1'], {
        PGAPPNAME: 'interrupted',
      });
      const complaints = text(child.stderr);
      const ended = endOf(child);
      const control = await cluster().connect();
      const lines: string[] = [];
      let before = 0;
      for await (const line of createInterface(child.stdout)) {
        lines.push(line);
        if (lines.length === 3) {
          const gone = await control.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'interrupted'",
          );
          expect(gone).toHaveLength(1);
          before = lines.length;
        }
        // Some may have been on their way.
        if (lines.length >= before + 8) child.kill('SIGTERM');
      }
      expect(await ended).toEqual({code: null, signal: 'SIGTERM'});
      expect(await complaints).toMatch(/^pgtop: .+; trying again\n$/);
      expect(lines.filter(line => line.startsWith('pid,'))).toHaveLength(1);
    });

    test('prints the heading of CSV once, however often it prints', async () => {
      const child = spawnPgtop(cluster(), [
        'sessions',
        '--format',
        'csv',
        '--watch',
        '0.2',
        '--filter',
        `app="${app}"`,
      ]);
      const ended = endOf(child);
      const lines: string[] = [];
      for await (const line of createInterface(child.stdout)) {
        lines.push(line);
        if (lines.length === 10) child.kill('SIGTERM');
      }
      await ended;
      expect(lines.filter(line => line.startsWith('pid,'))).toHaveLength(1);
      expect(lines[0]).toMatch(/^pid,/);
    });

    test('prints the heading of CSV when no session is chosen', async () => {
      const {code, stdout} = await run('--format', 'csv', '--filter', 'app=nobody');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^pid,backend_start,[a-z_,]+\n$/);
    });

    test('prints the heading of CSV first even if there is no session in the beginning', async () => {
      const late = `late ${process.pid}`;
      const child = spawnPgtop(cluster(), [
        'sessions',
        '--format',
        'csv',
        '--watch',
        '0.2',
        '--filter',
        `app="${late}"`,
      ]);
      const ended = endOf(child);
      const lines: string[] = [];
      let session: TestSession | null = null;
      for await (const line of createInterface(child.stdout)) {
        session ??= await cluster().connect({applicationName: late});
        if (line !== '') lines.push(line);
        if (lines.length === 2) child.kill('SIGTERM');
      }
      await ended;
      session?.end();
      expect(lines[0]).toMatch(/^pid,/);
    });

    test.each([-1, 1])(
      'tells ages by the clock of the server where that of the client is %i day off',
      async days => {
        const env = {
          NODE_OPTIONS: `--import ${fixture('wrong-clock')}`,
          WRONG_CLOCK_MS: String(days * 86_400_000),
        };
        const words = ['sessions', '--format', 'json', '--filter', `app="${app}"`];
        const [now] = (await sessions[0]?.query<{now: Date}>('SELECT clock_timestamp() AS now')) ?? [];
        const {stdout, code} = await runPgtop(cluster(), words, env);
        const told = JSON.parse(stdout);
        expect(code).toBe(0);
        expect(Math.abs(Date.parse(told.collected_at) - Number(now?.now))).toBeLessThan(60_000);
        for (const {session_age, state_age, query_age} of told.sessions) {
          expect(session_age).toBeGreaterThan(0);
          expect(session_age).toBeLessThan(600);
          expect(Math.min(state_age, query_age)).toBeGreaterThanOrEqual(0);
        }
        expect(told.sessions).toHaveLength(3);
      },
    );

    test('guards cells that a spreadsheet would take for a formula', async () => {
      const formula = await cluster().connect({applicationName: '=1+1'});
      const {stdout} = await run('--format', 'csv', '--filter', `pid:${formula.pid}`);
      expect(parseCsv(stdout)[1]?.[4]).toBe("'=1+1");
      formula.end();
    });

    test('ends quietly when its reader goes away', async () => {
      for (const words of [
        ['--format', 'json', '--watch', '0.2'],
        ['--format', 'csv'],
      ]) {
        const child = spawnPgtop(cluster(), ['sessions', ...words]);
        const complaints = text(child.stderr);
        const ended = endOf(child);
        child.stdout.once('data', () => child.stdout.destroy());
        expect(await ended).toEqual({code: 0, signal: null});
        expect(await complaints).toBe('');
      }
    });

    test.each([['sessions'], ['sessions', '--watch', '0.2'], ['locks'], ['doctor'], ['--help']])(
      'fails when what it prints finds no room: %s',
      async (...words) => {
        const full = openSync('/dev/full', 'w');
        const {code, stderr} = await runPgtopInto(cluster(), words, full);
        closeSync(full);
        expect(stderr).toMatch(/^pgtop: cannot print: ENOSPC: [^\n]*\n$/);
        expect(code).toBe(1);
      },
    );

    test.each([['sessions'], ['locks']])(
      'says at once that nobody can read what %s --watch prints where stdout is closed',
      async command => {
        const line = 'exec "$0" "$@" >&-';
        const words = [process.execPath, PROGRAM, command, '--watch', '0.2'];
        const child = spawn('sh', ['-c', line, ...words], {
          env: environmentOf(cluster()),
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        const complaints = text(child.stderr);
        expect(await endOf(child)).toEqual({code: 1, signal: null});
        expect(await complaints).toBe('pgtop: cannot print: stdout is closed\n');
      },
    );

    test.each([
      ['sessions', []],
      // Others may wait on this server.
      ['locks', ['--max-wait', '100000']],
    ])('goes on watching with %s %j where the output is thrown away on purpose', async (command, words) => {
      const env = {...environmentOf(cluster()), PGAPPNAME: `${command} into nothing`};
      const line = command === 'sessions' ? 'exec "$0" "$@" >/dev/null' : 'exec "$0" "$@" >&-';
      const child = spawn(
        'sh',
        ['-c', line, process.execPath, PROGRAM, command, '--watch', '0.2', ...words],
        {
          env,
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      const ended = endOf(child);
      const control = await cluster().connect();
      const statement = 'SELECT FROM pg_stat_activity WHERE application_name = $1 AND query LIKE $2';
      await waitFor(
        'a refresh',
        async () =>
          (await control.query(statement, [env.PGAPPNAME, '%pg_stat_get_activity(NULL)%'])).length > 0,
      );
      child.kill('SIGTERM');
      expect(await ended).toEqual({code: null, signal: 'SIGTERM'});
    });

    test('ends with the words of the server when that refuses it another session', async () => {
      const role = `turned_away_${process.pid}`;
      const control = await cluster().connect();
      await control.query(`CREATE ROLE ${role} LOGIN`);
      const child = spawnPgtop(cluster(), ['sessions', '--format', 'json', '--watch', '0.2', '-U', role]);
      const complaints = text(child.stderr);
      const ended = endOf(child);
      child.stdout.once('data', () => {
        void control
          .query(`ALTER ROLE ${role} NOLOGIN`)
          .then(() =>
            control.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
              role,
            ]),
          );
      });
      expect(await ended).toEqual({code: 1, signal: null});
      const [first, second] = (await complaints).split('\n');
      expect(first).toMatch(/; trying again$/);
      expect(second).toContain('is not permitted to log in');
    });
  },
  [newest],
);
