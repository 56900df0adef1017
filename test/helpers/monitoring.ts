import {afterAll, beforeAll, describe} from 'vitest';
import type {ServerSettings} from '../../source/demo/server-settings.ts';
import {type Snapshot, snapshotOf} from '../../source/model/snapshot.ts';
import {type Connection, type Endpoint, openConnection} from '../../source/postgres/connection.ts';
import {type PreparedSession, prepareMonitoring} from '../../source/postgres/prepare-monitoring.ts';
import {type Cluster, describeOnMajors, sharedCluster, type TestSession} from './cluster.ts';
import {majors, missingReason, programsOfMajor} from './servers.ts';
import {waitFor} from './wait-for.ts';

/** The application name under which a test monitors, unless it says otherwise. */
export const MONITOR = 'pgtop under test';

/** Where and as whom a test monitors a server: the superuser in the database postgres, unless it says otherwise. */
export function endpointOf(cluster: Cluster, differences: Partial<Endpoint> = {}): Endpoint {
  return {
    host: cluster.socketFolder,
    port: cluster.port,
    user: cluster.user,
    database: cluster.database,
    password: undefined,
    applicationName: MONITOR,
    options: undefined,
    connectTimeoutMs: 20_000,
    keepAliveIdleMs: null,
    tls: false,
    ...differences,
  };
}

const PATIENCE_MS = 20_000;

/** A connection that gives a machine which does other things time to answer: what a user is not to wait for, a test that is about something else is. */
export function patient(connection: Connection): Connection {
  return {
    ...connection,
    query: (statement, values, options) =>
      connection.query(statement, values, {timeoutMs: PATIENCE_MS, ...options}),
    async run(statements) {
      await connection.run(statements);
      await connection.run(`SET statement_timeout = ${PATIENCE_MS}`);
    },
  };
}

const opened = new Set<Connection>();

/** A session that is ready to be read from, and patient; closeMonitors closes it. `wrap` puts something in between. */
export async function openMonitor(
  cluster: Cluster,
  differences: Partial<Endpoint> = {},
  wrap: (connection: Connection) => Connection = connection => connection,
): Promise<PreparedSession> {
  return await prepareMonitoring(async () => {
    const connection = await openConnection(endpointOf(cluster, differences));
    opened.add(connection);
    return wrap(patient(connection));
  });
}

/** Closes what openMonitor opened on this server. */
export async function closeMonitors({socketFolder}: Cluster): Promise<void> {
  const own = [...opened].filter(({endpoint}) => endpoint.host === socketFolder);
  for (const connection of own) opened.delete(connection);
  await Promise.all(own.map(connection => connection.close()));
}

/** One refresh of a session. */
export async function takeSnapshot({collector}: PreparedSession): Promise<Snapshot> {
  return snapshotOf(await collector.collect());
}

/**
 * Declares the tests of `body` once for each wanted major (those of the run unless told), on the server of that major that the whole run shares. The majors go
 * side by side, since most of it is waiting for the server; the tests of one go one after another.
 */
export function describeOnSharedServers(
  title: string,
  body: (cluster: () => Cluster, major: number) => void,
  wanted: readonly number[] = majors,
): void {
  describe.concurrent(title, () => {
    for (const major of wanted) {
      const isMissing = programsOfMajor(major) === null;
      const where = isMissing ? missingReason(major) : `on PostgreSQL ${major}`;
      describe.skipIf(isMissing)(where, () => {
        describe('one by one', {concurrent: false}, () => declareOnShared(major, body));
      });
    }
  });
}

function declareOnShared(major: number, body: (cluster: () => Cluster, major: number) => void): void {
  const clusters: Cluster[] = [];
  beforeAll(async () => {
    clusters.push(await sharedCluster(major));
  });
  afterAll(async () => {
    for (const cluster of clusters) {
      await closeMonitors(cluster);
      await cluster.stop();
    }
  });
  body(() => {
    const [cluster] = clusters;
    if (cluster === undefined) throw new Error('the server is there inside tests and hooks only');
    return cluster;
  }, major);
}

/** Like describeOnMajors, a server of that block's own for each major, with the majors side by side. */
export function describeOnOwnServers(
  title: string,
  body: (cluster: () => Cluster, major: number) => void,
  settings: ServerSettings = {},
  wanted: readonly number[] = majors,
): void {
  describe.concurrent(title, () => {
    describeOnMajors(
      'of a server',
      (cluster, major) => {
        describe('one by one', {concurrent: false}, () => {
          afterAll(() => closeMonitors(cluster()));
          body(cluster, major);
        });
      },
      settings,
      wanted,
    );
  });
}

/** Resolves when the session's query waits for a lock. */
export async function untilWaiting(control: TestSession, pid: number): Promise<void> {
  await waitFor(`${pid} to wait for a lock`, async () => {
    const rows = await control.query(
      "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'",
      [pid],
    );
    return rows.length > 0;
  });
}

/** Whom the server says each of these sessions waits for, each blocker once, in order. */
export async function blockersByPid(
  control: TestSession,
  pids: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const rows = await control.query<{pid: number; blockers: number[]}>(
    'SELECT pid, pg_blocking_pids(pid) AS blockers FROM unnest($1::int[]) AS p (pid)',
    [pids],
  );
  return new Map(rows.map(({pid, blockers}) => [pid, inOrder(blockers)]));
}

/** Each of the numbers once, in order. */
export function inOrder(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Everybody who waits behind a session in the server's own judgement, directly or through others. */
export function waitersBehind(
  blockers: ReadonlyMap<number, readonly number[]>,
  pid: number,
): ReadonlySet<number> {
  const found = new Set<number>();
  const add = (blocker: number) => {
    for (const [waiter, list] of blockers) {
      if (!list.includes(blocker) || found.has(waiter)) continue;
      found.add(waiter);
      add(waiter);
    }
  };
  add(pid);
  found.delete(pid);
  return found;
}

/** A snapshot of a moment in which pg_blocking_pids of these sessions did not change, and what it said. */
export async function settledSnapshot(
  monitor: PreparedSession,
  control: TestSession,
  pids: readonly number[],
) {
  return await waitFor('a moment in which nothing moves', async () => {
    const before = await blockersByPid(control, pids);
    const snapshot = await takeSnapshot(monitor);
    const blockers = await blockersByPid(control, pids);
    return JSON.stringify([...before]) === JSON.stringify([...blockers]) ? {snapshot, blockers} : null;
  });
}

/** Whom each of these sessions waits for, as a snapshot has it. */
export function edgesOf(
  snapshot: Snapshot,
  pids: readonly number[],
): Readonly<Record<number, readonly number[]>> {
  return Object.fromEntries(pids.map(pid => [pid, inOrder(snapshot.byPid.get(pid)?.blockedBy ?? [])]));
}
