import {beforeAll, expect, test} from 'vitest';
import type {SignalTarget} from '../../source/model/signal.ts';
import type {PreparedSession} from '../../source/postgres/poller.ts';
import {signalSession} from '../../source/postgres/signals.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

const WAIT_MS = 5_000;

/** A session as the monitor sees it now. */
async function targetOf(monitor: PreparedSession, pid: number): Promise<SignalTarget> {
  const backend = (await takeSnapshot(monitor)).byPid.get(pid)?.backend;
  if (backend?.backendStart == null) throw new Error(`${pid} is not to be seen`);
  return {pid, backendStart: backend.backendStart, queryStart: backend.queryStart};
}

/** The session's server process stands still while the body runs, and goes on in any case. */
async function frozen<T>(pid: number, body: () => Promise<T>): Promise<T> {
  process.kill(pid, 'SIGSTOP');
  try {
    return await body();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

describeOnSharedServers('a signal', (cluster, major) => {
  const role = (name: string) => `${name}_${process.pid}`;
  let control: TestSession;
  let monitor: PreparedSession;

  const runs = async (pid: number, query: string) => {
    const [row] = await control.query('SELECT state, query FROM pg_stat_activity WHERE pid = $1', [pid]);
    return row?.state === 'active' && row.query === query;
  };
  const isThere = async (pid: number) =>
    (await control.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).length > 0;
  /** A session that runs a long query. */
  const openBusy = async (query = 'SELECT pg_sleep(60)') => {
    const session = await cluster().connect();
    const outcome = session.backgroundQuery(query);
    await waitFor('the query to run', () => runs(session.pid, query));
    return {session, outcome, target: await targetOf(monitor, session.pid)};
  };

  beforeAll(async () => {
    control = await cluster().connect();
    monitor = await openMonitor(cluster());
    await control.query(
      `CREATE ROLE ${role('onlooker')} LOGIN; GRANT pg_monitor TO ${role('onlooker')};
       CREATE ROLE ${role('signaller')} LOGIN; GRANT pg_monitor, pg_signal_backend TO ${role('signaller')};
       CREATE ROLE ${role('clerk')} LOGIN`,
    );
  });

  test('terminates the session it is meant for, and tells after how long it was gone', async () => {
    const victim = await cluster().connect();
    const outcome = await signalSession(
      monitor.connection,
      'terminate',
      await targetOf(monitor, victim.pid),
      WAIT_MS,
    );
    expect(outcome).toEqual({type: 'ended', afterMs: expect.any(Number)});
    expect(await isThere(victim.pid)).toBe(false);
  });

  test('cancels the query and leaves the session', async () => {
    const {session, outcome, target} = await openBusy();
    expect(await signalSession(monitor.connection, 'cancel', target, WAIT_MS)).toEqual({
      type: 'cancelled',
      afterMs: expect.any(Number),
    });
    expect(await outcome).toMatchObject({type: 'failed', error: {code: '57014'}});
    expect(await session.query('SELECT 1 AS one')).toEqual([{one: 1}]);
  });

  test('is not sent when the statement to cancel has ended, and the next one goes on', async () => {
    const {session, outcome, target} = await openBusy();
    await control.query('SELECT pg_cancel_backend($1)', [session.pid]);
    await outcome;
    expect(await signalSession(monitor.connection, 'cancel', target, WAIT_MS)).toEqual({type: 'moved-on'});
    void session.backgroundQuery('SELECT pg_sleep(61)');
    await waitFor('the next query', () => runs(session.pid, 'SELECT pg_sleep(61)'));
    for (let round = 0; round < 100; round++) {
      const outcome = await signalSession(monitor.connection, 'cancel', target, WAIT_MS);
      expect(outcome).toEqual({type: 'moved-on'});
    }
    expect(await runs(session.pid, 'SELECT pg_sleep(61)')).toBe(true);
  });

  test('is not sent to a session of another start, in a hundred rounds', async () => {
    const {session, target} = await openBusy('SELECT pg_sleep(62)');
    for (let round = 0; round < 50; round++) {
      const microseconds = round % 2 === 0 ? 1 + round : -1 - round;
      const other = {...target, backendStart: target.backendStart + microseconds};
      for (const action of ['terminate', 'cancel'] as const) {
        expect(await signalSession(monitor.connection, action, other, WAIT_MS)).toEqual({type: 'gone'});
      }
    }
    expect(await runs(session.pid, 'SELECT pg_sleep(62)')).toBe(true);
  });

  test('finds a session gone that has ended', async () => {
    const {session, target} = await openBusy();
    session.end();
    await control.query('SELECT pg_terminate_backend($1)', [session.pid]);
    await waitFor('the session to end', async () => !(await isThere(session.pid)));
    for (const action of ['terminate', 'cancel'] as const) {
      expect(await signalSession(monitor.connection, action, target, WAIT_MS)).toEqual({type: 'gone'});
    }
  });

  test('is refused to a role without the right, in the words of the server', async () => {
    const {session, target} = await openBusy('SELECT pg_sleep(63)');
    const onlooker = await openMonitor(cluster(), {user: role('onlooker')});
    const answers = {
      terminate: major >= 16 ? /^permission denied to terminate process; Only roles/ : /^must be a superuser/,
      cancel: major >= 16 ? /^permission denied to cancel query; Only roles/ : /^must be a superuser/,
    };
    for (const action of ['terminate', 'cancel'] as const) {
      expect(await signalSession(onlooker.connection, action, target, WAIT_MS)).toEqual({
        type: 'refused',
        message: expect.stringMatching(answers[action]),
      });
    }
    expect(await runs(session.pid, 'SELECT pg_sleep(63)')).toBe(true);
    const clerk = await cluster().connect({user: role('clerk')});
    const refused = await signalSession(
      onlooker.connection,
      'terminate',
      await targetOf(monitor, clerk.pid),
      WAIT_MS,
    );
    expect(refused).toEqual({
      type: 'refused',
      message: expect.stringMatching(
        /^(must be a member of the role|permission denied to terminate process)/,
      ),
    });
    expect(await isThere(clerk.pid)).toBe(true);
  });

  test('reaches everybody but superusers for a member of pg_signal_backend', async () => {
    const clerk = await cluster().connect({user: role('clerk')});
    const {session, target} = await openBusy('SELECT pg_sleep(64)');
    const {connection} = await openMonitor(cluster(), {user: role('signaller')});
    expect(await signalSession(connection, 'terminate', target, WAIT_MS)).toEqual({
      type: 'refused',
      message: expect.stringMatching(/must be a superuser|Only roles with the SUPERUSER attribute/),
    });
    expect(await runs(session.pid, 'SELECT pg_sleep(64)')).toBe(true);
    const outcome = await signalSession(connection, 'terminate', await targetOf(monitor, clerk.pid), WAIT_MS);
    expect(outcome.type).toBe('ended');
  });

  test("reaches an ordinary role's own sessions", async () => {
    const own = await cluster().connect({user: role('clerk')});
    const clerk = await openMonitor(cluster(), {user: role('clerk')});
    const outcome = await signalSession(
      clerk.connection,
      'terminate',
      await targetOf(clerk, own.pid),
      WAIT_MS,
    );
    expect(outcome.type).toBe('ended');
  });

  test("is refused for a background process that takes none, with the server's warning", async () => {
    const snapshot = await takeSnapshot(monitor);
    const checkpointer = snapshot.sessions.find(({backend}) => backend.backendType === 'checkpointer');
    const target = await targetOf(monitor, checkpointer?.backend.pid ?? 0);
    expect(await signalSession(monitor.connection, 'terminate', target, WAIT_MS)).toEqual({
      type: 'refused',
      message: expect.stringMatching(/^PID \d+ is not a PostgreSQL/),
    });
  });

  test('finds a session still there that does not follow it in time', async () => {
    const {session, outcome, target} = await openBusy();
    for (const action of ['cancel', 'terminate'] as const) {
      const told = await frozen(session.pid, () => signalSession(monitor.connection, action, target, 120));
      expect(told).toEqual({type: 'still-there', afterMs: expect.any(Number)});
      const {afterMs} = told as Extract<typeof told, {type: 'still-there'}>;
      expect(afterMs).toBeGreaterThanOrEqual(120);
      expect(afterMs).toBeLessThan(2_000);
    }
    expect(await outcome).toMatchObject({type: 'failed'});
  });

  test('ends a batch of sessions that are signalled at once', async () => {
    const victims = await Promise.all(Array.from({length: 6}, () => cluster().connect()));
    const targets: SignalTarget[] = [];
    for (const {pid} of victims) targets.push(await targetOf(monitor, pid));
    const outcomes = await Promise.all(
      targets.map(target => signalSession(monitor.connection, 'terminate', target, WAIT_MS)),
    );
    expect(outcomes.map(({type}) => type)).toEqual(targets.map(() => 'ended'));
  });

  test('has an unknown outcome when the connection is gone before or meanwhile, and never throws', async () => {
    const {session, target} = await openBusy();
    const {connection} = await openMonitor(cluster());
    await frozen(session.pid, async () => {
      const told = signalSession(connection, 'terminate', target, WAIT_MS);
      // Only what ran after the signal shows that it was sent.
      await waitFor('the outcome to be watched', async () => {
        const rows = await control.query(
          "SELECT FROM pg_stat_activity WHERE pid = $1 AND query LIKE '%SELECT a.state%'",
          [connection.processId],
        );
        return rows.length > 0;
      });
      await control.query('SELECT pg_terminate_backend($1)', [connection.processId]);
      expect(await told).toEqual({
        type: 'unknown',
        message: expect.stringMatching(/terminat|not queryable|EPIPE/),
      });
    });
    expect(await signalSession(connection, 'terminate', target, WAIT_MS)).toEqual({
      type: 'unknown',
      message: expect.any(String),
    });
  });
});
