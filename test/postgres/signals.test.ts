import {beforeAll, expect, test} from 'vitest';
import {answered, followed, startRun} from '../../source/model/batch-run.ts';
import type {BatchTarget, SignalTarget} from '../../source/model/signal.ts';
import type {ServerIdentity} from '../../source/model/snapshot.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import {sendSignal} from '../../source/postgres/signals.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {majors} from '../helpers/servers.ts';
import {ofAnotherStart, seenBy, signalAndFollow, signalBatch} from '../helpers/signalling.ts';
import {waitFor} from '../helpers/wait-for.ts';

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
    return {session, outcome, target: await seenBy(monitor, session.pid)};
  };

  beforeAll(async () => {
    control = await cluster().connect();
    monitor = await openMonitor(cluster());
    await control.query(
      `CREATE ROLE ${role('onlooker')} LOGIN; GRANT pg_monitor TO ${role('onlooker')};
       CREATE ROLE ${role('signaller')} LOGIN; GRANT pg_monitor, pg_signal_backend TO ${role('signaller')};
       CREATE ROLE ${role('blind')} LOGIN; GRANT pg_signal_backend TO ${role('blind')};
       CREATE ROLE ${role('clerk')} LOGIN`,
    );
  });

  test('is never sent to another server than the one the session was seen on', async () => {
    const victim = await cluster().connect();
    const target = await seenBy(monitor, victim.pid);
    const {identity} = monitor.capabilities.server;
    const [row] = await control.query(
      'SELECT system_identifier::text, pg_postmaster_start_time() = to_timestamp($1::float8 / 1e6) AS started FROM pg_control_system()',
      [identity.startedAt],
    );
    expect(row).toEqual({system_identifier: identity.systemIdentifier, started: true});
    const signalOn = async (otherIdentity: ServerIdentity) => {
      const server = {...monitor.capabilities.server, identity: otherIdentity};
      const batch = {action: 'terminate', server, targets: [target], skipped: []} as const;
      return (await signalBatch(monitor, batch, 20_000)).targets[0]?.progress;
    };
    for (const server of [
      {...identity, startedAt: identity.startedAt - 1},
      {...identity, address: '10.0.0.7:5432'},
      {...identity, systemIdentifier: '7'},
    ])
      expect(await signalOn(server)).toMatchObject({
        type: 'refused',
        message: expect.stringContaining('another server'),
      });
    expect(await isThere(victim.pid)).toBe(true);
    expect(await signalOn({...identity, systemIdentifier: null})).toMatchObject({type: 'ended'});
  });

  test('terminates the session it is meant for, and tells after how long it was gone', async () => {
    const victim = await cluster().connect();
    const outcome = await signalAndFollow(monitor, 'terminate', await seenBy(monitor, victim.pid));
    expect(outcome).toEqual({type: 'ended', afterMs: expect.any(Number)});
    expect(await isThere(victim.pid)).toBe(false);
  });

  test('is refused for the session that sends it, which no list has', async () => {
    const self = await openMonitor(cluster());
    const {target} = await seenBy(monitor, self.connection.processId);
    for (const action of ['cancel', 'terminate'] as const) {
      expect(await sendSignal(self.connection, action, target)).toEqual({
        type: 'refused',
        sqlState: null,
        message: "nothing was signalled: this is pgtop's own session",
      });
    }
    expect((await takeSnapshot(self)).byPid.has(self.connection.processId)).toBe(false);
  });

  test('cancels the query and leaves the session', async () => {
    const {session, outcome, target} = await openBusy();
    expect(await signalAndFollow(monitor, 'cancel', target)).toEqual({
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
    // The error reaches the client before the server process is idle.
    await waitFor('the query to end', async () => !(await runs(session.pid, 'SELECT pg_sleep(60)')));
    expect(await signalAndFollow(monitor, 'cancel', target)).toEqual({type: 'moved-on'});
    void session.backgroundQuery('SELECT pg_sleep(61)');
    await waitFor('the next query', () => runs(session.pid, 'SELECT pg_sleep(61)'));
    for (let round = 0; round < 100; round++) {
      const outcome = await signalAndFollow(monitor, 'cancel', target);
      expect(outcome).toEqual({type: 'moved-on'});
    }
    expect(await runs(session.pid, 'SELECT pg_sleep(61)')).toBe(true);
  });

  test('is not sent to a session of another start, in a hundred rounds', async () => {
    const {session, target} = await openBusy('SELECT pg_sleep(62)');
    for (let round = 0; round < 50; round++) {
      const microseconds = round % 2 === 0 ? 1 + round : -1 - round;
      const other = ofAnotherStart(target, microseconds);
      for (const action of ['terminate', 'cancel'] as const) {
        expect(await signalAndFollow(monitor, action, other)).toEqual({type: 'gone'});
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
      expect(await signalAndFollow(monitor, action, target)).toEqual({type: 'gone'});
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
      expect(await signalAndFollow(onlooker, action, target)).toEqual({
        type: 'refused',
        sqlState: '42501',
        message: expect.stringMatching(answers[action]),
      });
    }
    expect(await runs(session.pid, 'SELECT pg_sleep(63)')).toBe(true);
    const clerk = await cluster().connect({user: role('clerk')});
    const refused = await signalAndFollow(onlooker, 'terminate', await seenBy(monitor, clerk.pid));
    expect(refused).toEqual({
      type: 'refused',
      sqlState: '42501',
      message: expect.stringMatching(
        /^(must be a member of the role|permission denied to terminate process)/,
      ),
    });
    expect(await isThere(clerk.pid)).toBe(true);
  });

  test('reaches everybody but superusers for a member of pg_signal_backend', async () => {
    const clerk = await cluster().connect({user: role('clerk')});
    const {session, target} = await openBusy('SELECT pg_sleep(64)');
    const signaller = await openMonitor(cluster(), {user: role('signaller')});
    expect(await signalAndFollow(signaller, 'terminate', target)).toEqual({
      type: 'refused',
      sqlState: '42501',
      message: expect.stringMatching(/must be a superuser|Only roles with the SUPERUSER attribute/),
    });
    expect(await runs(session.pid, 'SELECT pg_sleep(64)')).toBe(true);
    const outcome = await signalAndFollow(signaller, 'terminate', await seenBy(monitor, clerk.pid));
    expect(outcome?.type).toBe('ended');
  });

  test("reaches an ordinary role's own sessions", async () => {
    const own = await cluster().connect({user: role('clerk')});
    const clerk = await openMonitor(cluster(), {user: role('clerk')});
    const outcome = await signalAndFollow(clerk, 'terminate', await seenBy(clerk, own.pid));
    expect(outcome?.type).toBe('ended');
  });

  test("is refused for a background process that takes none, with the server's warning", async () => {
    const snapshot = await takeSnapshot(monitor);
    const checkpointer = snapshot.sessions.find(({backend}) => backend.backendType === 'checkpointer');
    const target = await seenBy(monitor, checkpointer?.backend.pid ?? 0);
    expect(await signalAndFollow(monitor, 'terminate', target)).toEqual({
      type: 'refused',
      sqlState: null,
      message: expect.stringMatching(/^PID \d+ is not a PostgreSQL/),
    });
  });

  test('finds a session still there that does not follow it in time', async () => {
    const {session, outcome, target} = await openBusy();
    const tookMs: number[] = [];
    for (const action of ['cancel', 'terminate'] as const) {
      const told = await frozen(session.pid, () => signalAndFollow(monitor, action, target, 120));
      expect(told).toEqual({type: 'still-there', afterMs: expect.any(Number), isRollingBack: false});
      const {afterMs} = told as Extract<typeof told, {type: 'still-there'}>;
      expect(afterMs).toBeGreaterThanOrEqual(120);
      tookMs.push(afterMs);
    }
    // A machine that does other things may take its time once.
    expect(Math.min(...tookMs)).toBeLessThan(2_000);
    expect(await outcome).toMatchObject({type: 'failed'});
  });

  test('ends a batch of sessions, and polls go on meanwhile', async () => {
    const victims = await Promise.all(Array.from({length: 6}, () => cluster().connect()));
    const targets: BatchTarget[] = [];
    for (const {pid} of victims) targets.push(await seenBy(monitor, pid));
    const run = await signalBatch(monitor, {action: 'terminate', targets, skipped: []}, 20_000);
    expect(run.targets.map(({progress}) => progress.type)).toEqual(targets.map(() => 'ended'));
  });

  test('has an unknown outcome when the connection is gone before or meanwhile, and never throws', async () => {
    const {session, target} = await openBusy();
    const lost = await openMonitor(cluster());
    await frozen(session.pid, async () => {
      const begun = Promise.withResolvers<void>();
      const append = () => {
        begun.resolve();
        return null;
      };
      const log = {path: null, append, problem: () => null, recent: () => []};
      const batch = {action: 'terminate', targets: [target], skipped: []} as const;
      const told = signalBatch(lost, batch, 20_000, log);
      await begun.promise;
      await control.query('SELECT pg_terminate_backend($1)', [lost.connection.processId]);
      expect((await told).targets[0]?.progress).toEqual({type: 'unknown', message: expect.any(String)});
    });
    expect(await sendSignal(lost.connection, 'terminate', target.target)).toEqual({
      type: 'unknown',
      message: expect.any(String),
    });
  });

  if (major === Math.max(...majors)) {
    test('finds a session rolling back that has obeyed and clears up', async () => {
      // Who does nothing for a moment may miss it: a machine that does other things has to be waited for.
      let seen: readonly string[] = [];
      for (let tries = 0; tries < 5 && !seen.includes('rolling back'); tries++) seen = await seenInTheEnd();
      expect(seen).toEqual(['rolling back', 'ended']);
    }, 120_000);

    /** What a session that has much to clear up is told to do after its termination, but for being signalled. */
    const seenInTheEnd = async (): Promise<readonly string[]> => {
      const session = await cluster().connect();
      // Each table is a file that the end of the transaction removes.
      await session.query(`BEGIN;
        DO $$ BEGIN FOR i IN 1..1500 LOOP EXECUTE 'CREATE TABLE discarded' || i || ' (id int)'; END LOOP; END $$`);
      void session.backgroundQuery('SELECT pg_sleep(60)');
      await waitFor('the query to run', () => runs(session.pid, 'SELECT pg_sleep(60)'));
      const targets = [await seenBy(monitor, session.pid)];
      const run = startRun(1, {
        action: 'terminate',
        server: monitor.capabilities.server,
        targets,
        skipped: [],
      });
      const [target] = run.targets;
      if (target === undefined) throw new Error('the batch has no target');
      let progress = answered(await sendSignal(monitor.connection, 'terminate', target.target), 0);
      const seen = new Set<string>();
      await waitFor('the session to end', async () => {
        progress = followed(run, {...target, progress}, await takeSnapshot(monitor), 1);
        const isRollingBack = progress.type === 'signalled' && progress.rollingBackSinceMs !== null;
        seen.add(isRollingBack ? 'rolling back' : progress.type);
        return progress.type === 'ended';
      });
      return [...seen].filter(type => type !== 'signalled');
    };
  }

  test('is guarded by the transaction for a role that may signal but not see when sessions began', async () => {
    const blind = await openMonitor(cluster(), {user: role('blind')});
    const clerk = await cluster().connect({user: role('clerk')});
    await clerk.query('BEGIN; SELECT 1');
    // The first reading of a connection knows the transactions already.
    const seen = await seenBy(blind, clerk.pid);
    expect(seen.target).toMatchObject({kind: 'transaction', pid: clerk.pid});
    await clerk.query('ROLLBACK; BEGIN');
    await clerk.query('SELECT 1');
    for (const action of ['terminate', 'cancel'] as const)
      expect(await signalAndFollow(blind, action, seen)).toEqual({type: 'moved-on'});
    expect(await isThere(clerk.pid)).toBe(true);
    const outcome = await signalAndFollow(blind, 'terminate', await seenBy(blind, clerk.pid));
    expect(outcome?.type).toBe('ended');
    expect(await signalAndFollow(blind, 'terminate', seen)).toEqual({type: 'gone'});
  });

  test('has no better guard than role and database for such a role outside a transaction', async () => {
    const blind = await openMonitor(cluster(), {user: role('blind')});
    const clerk = await cluster().connect({user: role('clerk')});
    const seen = await seenBy(blind, clerk.pid);
    expect(seen.target).toMatchObject({kind: 'role', pid: clerk.pid});
    const {target, session} = seen;
    const elsewhere = {session, target: {...target, usesysid: 1}} as BatchTarget;
    expect(await signalAndFollow(blind, 'terminate', elsewhere)).toEqual({type: 'gone'});
    expect((await signalAndFollow(blind, 'terminate', seen))?.type).toBe('ended');
  });

  test('finds a background process by its role and database, of which it has none', async () => {
    const {sessions} = await takeSnapshot(monitor);
    const {pid = 0} = sessions.find(({backend}) => backend.backendType === 'checkpointer')?.backend ?? {};
    const target: SignalTarget = {kind: 'role', pid, usesysid: null, datid: null};
    expect(await sendSignal(monitor.connection, 'cancel', target)).toMatchObject({type: 'refused'});
  });
});
