import {startThrowAwayServer} from '../../source/demo/throw-away-server.ts';
import {snapshotOf} from '../../source/model/snapshot.ts';
import {DEFAULT_THRESHOLDS} from '../../source/model/thresholds.ts';
import {openConnection} from '../../source/postgres/connection.ts';
import {openPlainSession, type PlainSession} from '../../source/postgres/plain-session.ts';
import {prepareMonitoring} from '../../source/postgres/prepare-monitoring.ts';
import {screenModel} from '../../source/state/screen-model.ts';
import {initialState, type State} from '../../source/state/state.ts';
import {update} from '../../source/state/update.ts';
import {missingReason, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {cpuMs, median} from './figures.ts';

/**
 * What a refresh costs in a storm: 900 sessions that wait, in three shapes. Prints the CPU time of the server's backend and of this
 * process, medians and (least) in milliseconds, beside pg_blocking_pids for all who wait. PGTOP_BENCH_MAJOR and PGTOP_BENCH_WAITERS choose others.
 */
const MAJOR = Number(process.env.PGTOP_BENCH_MAJOR ?? 18);
const WAITERS = Number(process.env.PGTOP_BENCH_WAITERS ?? 900);
const ROUNDS = 30;

/** How a storm is made: what the first two do, and what all others then want. */
const SHAPES = [
  {
    title: 'readers behind one ACCESS EXCLUSIVE wish',
    holder: 'BEGIN; SELECT * FROM stock',
    second: 'LOCK stock IN ACCESS EXCLUSIVE MODE',
    others: 'SELECT * FROM stock',
  },
  {
    title: 'ACCESS EXCLUSIVE wishes in one queue',
    holder: 'BEGIN; SELECT * FROM stock',
    second: 'LOCK stock IN ACCESS EXCLUSIVE MODE',
    others: 'LOCK stock IN ACCESS EXCLUSIVE MODE',
  },
  {
    title: 'writers of one row',
    holder: 'BEGIN; UPDATE stock SET amount = 1',
    second: 'UPDATE stock SET amount = 2',
    others: 'UPDATE stock SET amount = 3',
  },
] as const;

type Shape = (typeof SHAPES)[number];

// The build fills this in.
Object.assign(globalThis, {PGTOP_VERSION: 'bench'});

const programs = programsOfMajor(MAJOR);
if (programs === null) throw new Error(missingReason(MAJOR));
const server = await startThrowAwayServer({
  programs,
  settings: {max_connections: WAITERS + 20, autovacuum: false, deadlock_timeout: '1h'},
});
const open = () => openPlainSession({...server, applicationName: 'storm'});

/** Milliseconds of the server's backend and of this process, and on the clock, that something takes. */
async function measured(pid: number, what: () => Promise<void>): Promise<readonly [number, number, number]> {
  const before = await cpuMs(pid);
  const [user, at] = [process.cpuUsage(), performance.now()];
  await what();
  const used = process.cpuUsage(user);
  const wall = performance.now() - at;
  return [(await cpuMs(pid)) - before, (used.user + used.system) / 1000, wall];
}

/** Calls each several times in turn and returns the medians. */
async function compare(
  pid: number,
  what: () => Promise<void>,
  between: () => Promise<void>,
): Promise<string> {
  const costs: (readonly [number, number, number])[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await between();
    costs.push(await measured(pid, what));
  }
  const told = (values: readonly number[]) =>
    `${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)})`.padStart(16);
  return [0, 1, 2].map(which => told(costs.map(cost => cost[which] ?? 0))).join('');
}

/** Leaves the storm waiting; resolves with its sessions when all of it does. */
async function stage(control: PlainSession, shape: Shape): Promise<readonly PlainSession[]> {
  const holder = await open();
  await holder.query(shape.holder);
  const sessions = [holder];
  const waiting = async (count: number) =>
    (await control.query('SELECT FROM pg_locks WHERE NOT granted')).length >= count;
  for (const [index, statement] of [
    shape.second,
    ...Array.from({length: WAITERS - 1}, () => shape.others),
  ].entries()) {
    const session = await open();
    sessions.push(session);
    session.query(`BEGIN; ${statement}`).catch(() => undefined);
    if (index === 0) await waitFor('the second', () => waiting(1));
  }
  await waitFor('the storm', () => waiting(WAITERS), 60_000);
  return sessions;
}

/** One refresh as the monitor does it, as far as the finished lines of an 80x24 screen. */
async function bench(shape: Shape): Promise<void> {
  const control = await open();
  const sessions = await stage(control, shape);
  const {connection, collector} = await prepareMonitoring(() =>
    openConnection({
      host: server.socketFolder,
      port: server.port,
      user: server.user,
      database: server.database,
      password: undefined,
      applicationName: 'pgtop',
      options: undefined,
      connectTimeoutMs: 5_000,
      keepAliveIdleMs: null,
      tls: false,
    }),
  );
  const [backend] = await connection.query<readonly [string]>('SELECT pg_catalog.pg_backend_pid()');
  let state: State = initialState({
    columns: 80,
    rows: 24,
    options: {
      isReadOnly: false,
      keys: 'default',
      isAscii: false,
      hasColor: true,
      auditPath: null,
      thresholds: DEFAULT_THRESHOLDS,
    },
    view: 'active',
    intervalMs: 1000,
    filter: null,
    cores: 1,
    sort: null,
  });
  const refresh = async () => {
    const snapshot = snapshotOf(await collector.collect());
    [state] = update(state, {type: 'snapshot-collected', snapshot, atMs: performance.now()});
    screenModel(state);
  };
  const blockingPids = async (session: PlainSession) => {
    await session.query('SELECT pid, pg_blocking_pids(pid) FROM pg_locks WHERE NOT granted');
  };
  const extra = await open();
  let isExtra = false;
  // Somebody comes or goes before each refresh, so that no two see the same queue.
  const change = async () => {
    isExtra = !isExtra;
    if (isExtra) extra.query(`ROLLBACK; BEGIN; ${shape.others}`).catch(() => undefined);
    else await control.query('SELECT pg_cancel_backend($1)', [extra.pid]);
    await waitFor('the change', async () => {
      const rows = await control.query('SELECT FROM pg_locks WHERE pid = $1 AND NOT granted', [extra.pid]);
      return rows.length > 0 === isExtra;
    });
  };
  const pid = Number(backend?.[0]);
  console.log(`\n${shape.title}: ${WAITERS} waiting on PostgreSQL ${server.version}`);
  console.log(`${''.padEnd(44)}${['server', 'here', 'wall'].map(name => name.padStart(16)).join('')}`);
  console.log(
    `${'a refresh, nothing changed'.padEnd(44)}${await compare(pid, refresh, async () => undefined)}`,
  );
  console.log(`${'a refresh, the queue changed'.padEnd(44)}${await compare(pid, refresh, change)}`);
  console.log(
    `${'pg_blocking_pids for all who wait'.padEnd(44)}${await compare(
      control.pid,
      () => blockingPids(control),
      async () => undefined,
    )}`,
  );
  await connection.close();
  for (const session of [...sessions, extra]) session.end();
  await waitFor(
    'the end of the storm',
    async () => {
      const rows = await control.query("SELECT FROM pg_stat_activity WHERE application_name = 'storm'");
      return rows.length <= 1;
    },
    60_000,
  );
  control.end();
}

const table = await open();
await table.query('CREATE TABLE stock AS SELECT 1 AS id, 0 AS amount');
table.end();
try {
  for (const shape of SHAPES) await bench(shape);
} finally {
  await server.stop();
}
