import {beforeAll, expect, test} from 'vitest';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers} from '../helpers/monitoring.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {parseCsv} from './parse-csv.ts';
import {buildIfMissing, runPgtop} from './run-pgtop.ts';

const _newest = Math.max(...majors.filter(major => programsOfMajor(major) !== null));

/** The keys of a session, in the order in which the contract names them. */
const SESSION_KEYS =
  `pid backend_start datname usename application_name client_addr client_hostname client_port
  backend_type state wait_event_type wait_event xact_start query_start state_change
  backend_xid backend_xmin leader_pid query_id query query_age xact_age state_age session_age
  blocked_by blocks_directly blocks_in_total`.split(/\s+/);

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

describeOnSharedServers('pgtop sessions', (cluster, major) => {
  const app = `told ${process.pid} ${major}`;
  const query = `SELECT 'a, "quoted"', 'line\nend', 'ä' /* \u001b[31m */`;
  const shown = `SELECT 'a, "quoted"', 'line end', 'ä' /* ␛[31m */`;
  const own = ['--filter', `"${app}"`];
  let writer: TestSession;
  let sleeper: TestSession;

  const run = (...words: readonly string[]) => runPgtop(cluster(), ['sessions', ...words]);

  beforeAll(async () => {
    await buildIfMissing();
    writer = await cluster().connect({applicationName: app});
    await writer.query('BEGIN; SELECT txid_current()');
    await writer.query(query);
    sleeper = await cluster().connect({applicationName: app});
    void sleeper.backgroundQuery('SELECT pg_sleep(600)');
    await waitFor('the sleeper', async () => {
      const rows = await writer.query(
        "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'",
        [sleeper.pid],
      );
      return rows.length > 0;
    });
    await writer.query(query);
    const control = await cluster().connect();
    await waitFor('the writer to wait for its client', async () => {
      const rows = await control.query(
        "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'ClientRead'",
        [writer.pid],
      );
      return rows.length > 0;
    });
    control.end();
  });

  test('prints one JSON document with exactly the keys of the contract', async () => {
    const {code, stdout, stderr} = await run('--format', 'json', ...own);
    expect([code, stderr]).toEqual([0, '']);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['collected_at', 'server', 'sessions']);
    expect(document.collected_at).toMatch(ISO_TIME);
    expect(document.server).toEqual({
      version: expect.stringMatching(`^${major}\\.`),
      version_num: expect.any(Number),
      host: cluster().socketFolder,
      port: cluster().port,
      in_recovery: false,
      max_connections: 100,
    });
    expect(document.sessions.map((session: object) => Object.keys(session))).toEqual([
      SESSION_KEYS,
      SESSION_KEYS,
    ]);
    const byPid = new Map(document.sessions.map((session: {pid: number}) => [session.pid, session]));
    expect(byPid.get(writer.pid)).toEqual({
      pid: writer.pid,
      backend_start: expect.stringMatching(ISO_TIME),
      datname: cluster().database,
      usename: cluster().user,
      application_name: app,
      client_addr: null,
      client_hostname: null,
      client_port: -1,
      backend_type: 'client backend',
      state: 'idle in transaction',
      wait_event_type: 'Client',
      wait_event: 'ClientRead',
      xact_start: expect.stringMatching(ISO_TIME),
      query_start: expect.stringMatching(ISO_TIME),
      state_change: expect.stringMatching(ISO_TIME),
      backend_xid: expect.stringMatching(/^\d+$/),
      backend_xmin: null,
      leader_pid: null,
      query_id: null,
      query: shown,
      query_age: expect.any(Number),
      xact_age: expect.any(Number),
      state_age: expect.any(Number),
      session_age: expect.any(Number),
      blocked_by: [],
      blocks_directly: 0,
      blocks_in_total: 0,
    });
  });

  test('prints ages in seconds on the clock of the server', async () => {
    const {stdout} = await run('--format', 'json', ...own);
    const document = JSON.parse(stdout);
    const seconds = (time: string) => Number(BigInt(Date.parse(time))) / 1_000;
    for (const session of document.sessions) {
      const age = seconds(document.collected_at) - seconds(session.backend_start);
      expect(Math.abs(session.session_age - age)).toBeLessThan(0.01);
    }
  });

  test('prints CSV with a heading, quoted where it must be', async () => {
    const {code, stdout, stderr} = await run('--format', 'csv', ...own);
    expect([code, stderr]).toEqual([0, '']);
    const [heading = [], ...rows] = parseCsv(stdout);
    expect([...heading].sort()).toEqual([...SESSION_KEYS].sort());
    expect(rows).toHaveLength(2);
    const cellsOf = (pid: number) => rows.find(row => row[0] === String(pid));
    expect(cellsOf(writer.pid)?.[heading.indexOf('query')]).toBe(shown);
    expect(stdout).toContain(`"SELECT 'a, ""quoted""'`);
    expect(cellsOf(sleeper.pid)?.[heading.indexOf('wait_event')]).toBe('PgSleep');
  });

  test('prints a table', async () => {
    const {code, stdout, stderr} = await run(...own);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]?.split(/ +/).filter(Boolean)).toEqual(
      'PID USER DATABASE APP CLIENT STATE WAIT TIME BLK QUERY'.split(' '),
    );
    expect(lines.find(line => line.includes(String(sleeper.pid)))).toMatch(
      / pgtop +postgres +told .* local +active +Timeout:PgSleep .*SELECT pg_sleep\(600\)$/,
    );
    expect(stdout).not.toContain('\u001b');
  });
});
