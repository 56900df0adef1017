import {Client, type ClientConfig} from 'pg';
import {beforeAll, expect, test} from 'vitest';
import type {BatchTarget, SignalAction, SignalTarget} from '../../source/model/signal.ts';
import {signalRefusal} from '../../source/model/signal-refusal.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import {sendSignal} from '../../source/postgres/signals.ts';
import {progressText} from '../../source/state/outcome-texts.ts';
import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {describeOnOwnServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {seenBy} from '../helpers/signalling.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** The roles that signal. Each may see everything, so that what is hidden decides nothing. */
const SIGNALLERS = ['boss', 'signaller', 'ordinary', 'member', 'noinherit', 'sweeper'] as const;
type Signaller = (typeof SIGNALLERS)[number];

/** The kinds of target, as the server tells them apart. */
type Target =
  | 'no such pid'
  | 'checkpointer'
  | 'background writer'
  | 'walwriter'
  | 'io worker'
  | 'autovacuum launcher'
  | 'logical replication launcher'
  | 'autovacuum worker'
  | 'background worker'
  | 'own'
  | 'ordinary'
  | 'owner'
  | 'superuser'
  | 'parallel worker'
  | 'walsender';

/** What the server says: `true` for a signal that it sends, `gone`, or a part of its words. */
type Answer = 'true' | 'gone' | RegExp;

const NOT_A_PROCESS = /^PID \d+ is not a PostgreSQL (server|backend) process/;

function superuserOnly(major: number, action: SignalAction): RegExp {
  if (major >= 16) return /Only roles with the SUPERUSER attribute may/;
  return action === 'cancel'
    ? /^must be a superuser to cancel superuser query/
    : /^must be a superuser to terminate superuser process/;
}

function membersOnly(major: number, action: SignalAction): RegExp {
  if (major >= 16)
    return action === 'cancel'
      ? /^permission denied to cancel query; Only roles with privileges of the role whose query is being canceled/
      : /^permission denied to terminate process; Only roles with privileges of the role whose process is being terminated/;
  return /^must be a member of the role whose (query is being canceled|process is being terminated) or member of pg_signal_backend/;
}

const REFUSED_TO_ALL = new Set<Target>(['checkpointer', 'background writer', 'walwriter', 'io worker']);

/** The answer of a version to a role about a target. */
function answerTo(who: Signaller, target: Target, action: SignalAction, major: number): Answer {
  if (target === 'no such pid') return 'gone';
  if (REFUSED_TO_ALL.has(target)) return NOT_A_PROCESS;
  if (who === 'boss') return 'true';
  // The worker of a subscription runs as its owner.
  if (target === 'superuser' || target === 'background worker') return superuserOnly(major, action);
  if (target === 'own') return 'true';
  if (target === 'ordinary' || target === 'parallel worker' || target === 'walsender') {
    if (who === 'signaller') return 'true';
    return membersOnly(major, action);
  }
  if (target === 'owner') {
    return who === 'signaller' || who === 'member' ? 'true' : membersOnly(major, action);
  }
  // A process without a role.
  if (major === 10) return who === 'signaller' ? 'true' : membersOnly(major, action);
  if (major >= 18 && target === 'autovacuum worker')
    return who === 'sweeper' ? 'true' : /privileges of the "pg_signal_autovacuum_worker" role may/;
  return superuserOnly(major, action);
}

/** Majors on which a kind of target is there and can be staged. */
function isThere(target: Target, major: number): boolean {
  return target !== 'io worker' || major >= 18;
}

/** The kinds that run a query, once they have begun with it. */
const BUSY = new Set<Target>([
  'own',
  'ordinary',
  'owner',
  'superuser',
  'parallel worker',
  'walsender',
  'autovacuum worker',
]);

const TARGETS: readonly Target[] = [
  'no such pid',
  'checkpointer',
  'background writer',
  'walwriter',
  'io worker',
  'own',
  'ordinary',
  'owner',
  'superuser',
  'parallel worker',
  'walsender',
  'autovacuum worker',
  'autovacuum launcher',
  'logical replication launcher',
  'background worker',
];

/** What a background process of a kind calls itself on a version. */
function backendTypeOf(target: Target, major: number): string {
  if (target === 'background worker') {
    if (major === 10) return 'background worker';
    return major >= 16 ? 'logical replication apply worker' : 'logical replication worker';
  }
  return target === 'logical replication launcher' && major === 10 ? 'background worker' : target;
}

/** Targets to signal, made anew when the one before was hit. */
function stageOn(
  cluster: () => Cluster,
  control: () => TestSession,
  boss: () => PreparedSession,
  major: number,
) {
  const staged = new Map<string, number>();
  /** Pids of those who were hit, and may take a moment to go. */
  const hit = new Set<number>();
  const roleOf = (target: Target, who: Signaller) =>
    target === 'own' ? who : target === 'superuser' ? cluster().user : target === 'owner' ? 'owner' : 'clerk';

  const busy = async (user: string) => {
    const session = await cluster().connect({user});
    void session.backgroundQuery('SELECT pg_sleep(600)');
    return session.pid;
  };
  const walsender = async () => {
    const client = new Client({
      host: cluster().socketFolder,
      port: cluster().port,
      user: 'clerk',
      database: cluster().database,
      replication: 'database',
    } as ClientConfig);
    client.on('error', () => undefined);
    await client.connect();
    client.query('SELECT pg_sleep(600)').catch(() => undefined);
    return (client as unknown as {processID: number}).processID;
  };
  const parallelWorker = async () => {
    const session = await cluster().connect({user: 'clerk'});
    await session.query(
      'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0',
    );
    void session.backgroundQuery('SELECT count(*) FROM wide WHERE pg_sleep(1) IS NOT NULL');
    return await waitFor('a parallel worker', async () => {
      const rows = await control().query<{pid: number}>(
        `SELECT pid FROM pg_stat_activity WHERE pid <> $1 AND query LIKE 'SELECT count(*) FROM wide%'
          AND backend_type IN ('parallel worker', 'background worker') AND pid <> ALL ($2::int[])`,
        [session.pid, [...hit]],
      );
      return rows[0]?.pid;
    });
  };
  const background = (target: Target) =>
    waitFor(target, async () => {
      const {sessions} = await takeSnapshot(boss());
      const found = sessions.find(
        ({backend}) =>
          backend.backendType === backendTypeOf(target, major) &&
          !hit.has(backend.pid) &&
          (target !== 'autovacuum worker' || backend.state === 'active') &&
          // On 10 a parallel worker is called so too, and only the launcher has no database.
          backend.usename !== 'clerk' &&
          (backend.backendType !== 'background worker' ||
            (backend.datid === null) === (target === 'logical replication launcher')),
      );
      return found?.backend.pid;
    });
  const make = (target: Target, who: Signaller) => {
    if (target === 'walsender') return walsender();
    if (target === 'parallel worker') return parallelWorker();
    if (['own', 'ordinary', 'owner', 'superuser'].includes(target)) return busy(roleOf(target, who));
    return background(target);
  };
  return {
    /** A target that runs a query where its kind can, as the superuser's monitor sees it. */
    async of(target: Target, who: Signaller): Promise<BatchTarget> {
      const key = target === 'own' ? `own ${who}` : target;
      for (;;) {
        const pid = staged.get(key) ?? (await make(target, who));
        staged.set(key, pid);
        const seen = await seenBy(boss(), pid).catch(() => null);
        if (seen !== null && (seen.session.backend.state === 'active' || !BUSY.has(target))) return seen;
        if (seen === null) staged.delete(key);
      }
    },
    /** Whoever was hit is not used again. */
    hit(target: Target, who: Signaller) {
      const key = target === 'own' ? `own ${who}` : target;
      const pid = staged.get(key);
      if (pid !== undefined) hit.add(pid);
      staged.delete(key);
    },
  };
}

describeOnOwnServers(
  'the answer of the server to a signal',
  (cluster, major) => {
    let control: TestSession;
    const monitors = new Map<Signaller, PreparedSession>();
    const monitorOf = (who: Signaller): PreparedSession => {
      const monitor = monitors.get(who);
      if (monitor === undefined) throw new Error('the monitors are there inside tests only');
      return monitor;
    };
    const stage = stageOn(
      cluster,
      () => control,
      () => monitorOf('boss'),
      major,
    );

    beforeAll(async () => {
      control = await cluster().connect();
      await control.query(`
        CREATE ROLE boss SUPERUSER LOGIN; CREATE ROLE clerk LOGIN REPLICATION; CREATE ROLE owner LOGIN;
        CREATE ROLE signaller LOGIN; GRANT pg_monitor, pg_signal_backend TO signaller;
        CREATE ROLE ordinary LOGIN; GRANT pg_monitor TO ordinary;
        CREATE ROLE member LOGIN; GRANT pg_monitor, owner TO member;
        CREATE ROLE noinherit LOGIN NOINHERIT; GRANT owner TO noinherit;
        CREATE ROLE sweeper LOGIN; GRANT pg_monitor TO sweeper`);
      if (major >= 18) await control.query('GRANT pg_signal_autovacuum_worker TO sweeper');
      await control.query(`
        CREATE TABLE wide AS SELECT g, repeat('x', 500) AS pad FROM generate_series(1, 2000) g;
        GRANT SELECT ON wide TO clerk;
        ALTER TABLE wide SET (parallel_workers = 1, autovacuum_enabled = off);
        CREATE TABLE dirty AS SELECT g, repeat('x', 500) AS pad FROM generate_series(1, 20000) g;
        ALTER TABLE dirty SET (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
                               autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
        UPDATE dirty SET g = g + 1`);
      // Something for a background worker to do: the server follows a publication of its own.
      await control.query('CREATE DATABASE published');
      const publisher = await cluster().connect({database: 'published'});
      await publisher.query('CREATE PUBLICATION p FOR ALL TABLES');
      await publisher.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
      await control.query(
        `CREATE SUBSCRIPTION s CONNECTION 'host=${cluster().socketFolder} port=${cluster().port} dbname=published user=boss'
           PUBLICATION p WITH (slot_name = 's', create_slot = false)`,
      );
      for (const who of SIGNALLERS) {
        monitors.set(who, await openMonitor(cluster(), {user: who}));
        await takeSnapshot(monitorOf(who));
      }
    });

    /** The server's own answer about a target, told in the words a user sees. */
    const answerOf = async (who: Signaller, action: SignalAction, {session, target}: BatchTarget) => {
      const {pid, usesysid, datid} = session.backend;
      // This role sees no backend_start: it is told by role and database.
      const asked = who === 'noinherit' ? ({kind: 'role', pid, usesysid, datid} as const) : target;
      const answer = await sendSignal(monitorOf(who).connection, action, asked);
      if (answer.type === 'signalled') return 'true';
      return answer.type === 'refused' ? progressText(action, answer, 0) : answer.type;
    };

    /** True where the statement cannot be about such a target at all: it runs no query, or has neither role nor database. */
    const isOutOfReach = (who: Signaller, action: SignalAction, {session: {backend}}: BatchTarget) =>
      (action === 'cancel' && backend.state !== 'active') ||
      (who === 'noinherit' && (backend.usesysid === null || backend.datid === null));

    const wanted = TARGETS.filter(target => isThere(target, major));

    test.each(wanted)(
      'about the kind of target %j is what the user is told, and is known before the key',
      async kind => {
        for (const who of ['ordinary', 'member', 'noinherit', 'sweeper', 'signaller', 'boss'] as const) {
          for (const action of ['cancel', 'terminate'] as const) {
            const where = `${who} ${action} ${kind}`;
            const answer = answerTo(who, kind, action, major);
            if (kind === 'no such pid') {
              const none: SignalTarget = {kind: 'session', pid: 4_000_000, backendStart: 1, queryStart: 1};
              expect((await sendSignal(monitorOf(who).connection, action, none)).type, where).toBe('gone');
              continue;
            }
            let target = await stage.of(kind, who);
            if (!isOutOfReach(who, action, target)) {
              // An autovacuum worker goes from table to table by itself, and ends.
              const told = await waitFor(where, async () => {
                target = await stage.of(kind, who);
                const answered = await answerOf(who, action, target);
                const hasEnded = answered === 'gone' && kind === 'autovacuum worker';
                return hasEnded || answered === 'moved-on' ? null : answered;
              });
              if (answer instanceof RegExp)
                expect(told, where).toMatch(new RegExp(`^refused: .*${answer.source.replace('^', '')}`));
              else expect(told, where).toBe(answer);
              if (told === 'true') stage.hit(kind, who);
            }
            const refusal = await refusalFor(who, action, target);
            expect([where, refusal], where).toEqual([
              where,
              expectedRefusal(kind, who, action, answer, target),
            ]);
          }
        }
      },
      120_000,
    );

    /** Why pgtop would not even ask, as this role sees the target; null when it would. */
    const refusalFor = async (who: Signaller, action: SignalAction, {session}: BatchTarget) => {
      const {usesysid} = session.backend;
      // The rights of a role that was not seen before are asked a refresh later.
      const snapshot = await waitFor('the rights of the role', async () => {
        const now = await takeSnapshot(monitorOf(who));
        return usesysid === null || now.roleRights.has(usesysid) ? now : null;
      });
      return signalRefusal(action, session, snapshot)?.reason ?? null;
    };
  },
  {autovacuum: true, autovacuum_naptime: 1, wal_level: 'logical', max_worker_processes: 16},
);

/** What pgtop knows before it asks: what the server will refuse, and what it does not offer though the server would. */
function expectedRefusal(
  kind: Target,
  who: Signaller,
  action: SignalAction,
  answer: Answer,
  {session: {backend}}: BatchTarget,
): string | null {
  if (REFUSED_TO_ALL.has(kind) || kind.endsWith('launcher')) {
    // PostgreSQL 10 calls its launcher as it calls every background worker.
    if (backend.backendType !== 'background worker') return 'background-process';
  }
  // The view names the bootstrap superuser for it, though PostgreSQL 10 lets pg_signal_backend signal it: pgtop is stricter.
  if (answer !== 'true' || (kind === 'logical replication launcher' && who !== 'boss'))
    return 'not-permitted';
  if (backend.backendType === 'parallel worker') return 'parallel-worker';
  return action === 'cancel' && backend.state !== 'active' ? 'not-cancellable' : null;
}
