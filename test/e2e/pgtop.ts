import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, onTestFinished} from 'vitest';
import type {SessionTarget} from '../../source/postgres/plain-session.ts';
import {type Cluster, type Outcome, startCluster, type TestSession} from '../helpers/cluster.ts';
import {majors, missingReason, programsOfMajor} from '../helpers/servers.ts';
import type {Terminal, TerminalOptions} from '../helpers/terminal.ts';
import {openTestTerminal} from '../helpers/terminal-for-test.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** The built program, to be run with this process's Node. */
export const PROGRAM = fileURLToPath(new URL('../../dist/pgtop.js', import.meta.url));

/** A change to the environment after which nothing in it tells where to connect. */
export const NOWHERE: Readonly<Record<string, undefined>> = Object.fromEntries(
  Object.keys(process.env)
    .filter(name => /^PG(?!TOP)/.test(name))
    .map(name => [name, undefined]),
);

/**
 * The sequences of the program itself: colours, the cursor's place, what erases and scrolls, modes, and the question at the terminal; at the end
 * of what has arrived also the begin of one.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const OWN_SEQUENCES = /\u001b(?:\[(?:[\d;]*[mHGKJABCDLMSTr]|\??\d+[hl]|5n|[?\d;]*$)|$)|[\r\b\v]/g;

/** Where the program keeps its audit log in tests, unless a test says otherwise. */
const STATE_HOME = mkdtempSync(join(tmpdir(), 'pgtop-state-'));
afterAll(() => rmSync(STATE_HOME, {recursive: true, force: true}));

/** What kind of terminal, and who sits in front of it. */
export type Seat = Omit<TerminalOptions, 'command'> & {
  /** Default: the superuser. */
  readonly user?: string;
  /** Default: postgres. */
  readonly database?: string;
  /** Seconds between refreshes, default 0.2. */
  readonly interval?: string;
  /** A port on 127.0.0.1 that leads to the server; default: its socket. */
  readonly tcpPort?: number;
  /** A command that is to run the program, ahead of its own words. */
  readonly wrapper?: readonly string[];
};

/** Starts the monitor on a server as a user would, in a terminal that is closed when the running test is over. */
export function openPgtop(
  cluster: Cluster,
  words: readonly string[] = [],
  {
    user = cluster.user,
    database = cluster.database,
    interval = '0.2',
    wrapper = [],
    tcpPort,
    env,
    ...terminal
  }: Seat = {},
): Promise<Terminal> {
  const place = tcpPort === undefined ? [cluster.socketFolder, cluster.port] : ['127.0.0.1', tcpPort];
  const where = ['-h', String(place[0]), '-p', String(place[1]), '-U', user, '-d', database];
  return openTestTerminal({
    ...terminal,
    command: [...wrapper, process.execPath, PROGRAM, ...where, '-i', interval, ...words],
    env: {...NOWHERE, XDG_STATE_HOME: STATE_HOME, ...env},
  });
}

/** Declares the tests of `body` on a server of the block's own, of the newest major that tests want. Without programs for it they are skipped and say so. */
export function describeOnServer(title: string, body: (cluster: () => Cluster) => void): void {
  const major = Math.max(...majors);
  const isMissing = programsOfMajor(major) === null;
  describe.skipIf(isMissing)(
    `${title}, ${isMissing ? missingReason(major) : `on PostgreSQL ${major}`}`,
    () => {
      const clusters: Cluster[] = [];
      beforeAll(async () => {
        clusters.push(await startCluster(major));
      });
      afterAll(() => clusters[0]?.stop());
      body(() => {
        const [cluster] = clusters;
        if (cluster === undefined) throw new Error('the server is there inside tests and hooks only');
        return cluster;
      });
    },
  );
}

/** Rows of one statement, asked by a session that comes and goes. */
export async function ask(
  cluster: Cluster,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const session = await cluster.connect({applicationName: 'control'});
  try {
    return await session.query(statement, values);
  } finally {
    session.end();
  }
}

/** A client's session that ends with the running test, in the middle of a query too. */
export async function login(
  cluster: Cluster,
  applicationName: string,
  who: Partial<SessionTarget> = {},
): Promise<TestSession> {
  const session = await cluster.connect({applicationName, ...who});
  onTestFinished(async () => {
    await end(cluster, session.pid);
    session.end();
  });
  return session;
}

/** A session in the middle of a query that takes ten minutes, or of another one. */
export async function loginBusy(
  cluster: Cluster,
  applicationName: string,
  query = 'SELECT pg_sleep(600)',
  who: Partial<SessionTarget> = {},
): Promise<{readonly session: TestSession; readonly pid: number; readonly outcome: Promise<Outcome>}> {
  const session = await login(cluster, applicationName, who);
  const outcome = session.backgroundQuery(query);
  const {pid} = session;
  await waitFor(`the query of session ${pid}`, async () => (await stateOf(cluster, pid)) === 'active');
  return {session, pid, outcome};
}

/** Terminates a session from elsewhere and waits until the server has none of that process id. */
export async function end(cluster: Cluster, pid: number): Promise<void> {
  await ask(cluster, 'SELECT pg_terminate_backend($1)', [pid]);
  await waitFor(`the end of session ${pid}`, async () => (await stateOf(cluster, pid)) === undefined);
}

/** What the server says about a session: `active`, `idle`, …; undefined when there is none of this process id. */
export async function stateOf(cluster: Cluster, pid: number): Promise<unknown> {
  const [row] = await ask(cluster, 'SELECT state FROM pg_stat_activity WHERE pid = $1', [pid]);
  return row?.state;
}

/** Waits until the server says that a session waits for a lock. */
export async function untilBlocked(cluster: Cluster, pid: number): Promise<void> {
  const statement = "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'";
  await waitFor(`session ${pid} to wait for a lock`, async () => (await ask(cluster, statement, [pid]))[0]);
}

/** Terminates all sessions that call themselves so; one of before that is about to end is among them. */
export async function terminateAll(cluster: Cluster, applicationName: string): Promise<void> {
  const statement = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1';
  await ask(cluster, statement, [applicationName]);
}

/** The process ids of the sessions that call themselves so. */
export async function pidsOf(cluster: Cluster, applicationName: string): Promise<readonly unknown[]> {
  const rows = await ask(cluster, 'SELECT pid FROM pg_stat_activity WHERE application_name = $1', [
    applicationName,
  ]);
  return rows.map(({pid}) => pid);
}
