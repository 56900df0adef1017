import {connect as connectTo} from 'node:net';
import {text} from 'node:stream/consumers';
import {afterAll, beforeAll, describe} from 'vitest';
import type {ServerSettings} from '../../source/demo/server-settings.ts';
import {startThrowAwayServer, type ThrowAwayServer} from '../../source/demo/throw-away-server.ts';
import {
  openPlainSession,
  type PlainSession,
  type SessionTarget,
} from '../../source/postgres/plain-session.ts';
import {majors, missingReason, programsOfMajor} from './servers.ts';
import {templateProgramsOf} from './template-programs.ts';

/** How a query that was left running ended. */
export type Outcome =
  | {readonly type: 'done'; readonly rows: readonly Readonly<Record<string, unknown>>[]}
  | {readonly type: 'failed'; readonly error: unknown};

/** A session of a test, which can leave a query hanging. */
export type TestSession = PlainSession & {
  /** Sends a query and does not wait for it; the promise tells how it ended, and never rejects. */
  backgroundQuery(statement: string): Promise<Outcome>;
};

/** A server of a test. `connect` fills in the superuser, the database postgres, and the application name `test`. */
export type Cluster = ThrowAwayServer & {
  connect(who?: Partial<SessionTarget>): Promise<TestSession>;
  /** Makes an empty database that no other test file knows, and returns its name. */
  createDatabase(): Promise<string>;
};

/** Starts a server of the test's own, with settings on top of the throw-away ones. Autovacuum is off, so that only the test's sessions come and go. */
export async function startCluster(major: number, settings: ServerSettings = {}): Promise<Cluster> {
  const programs = templateProgramsOf(major);
  if (programs === null) throw new Error(missingReason(major));
  return clusterOn(await startThrowAwayServer({programs, settings: {autovacuum: false, ...settings}}));
}

/**
 * The server of this major that the whole run shares, started when first asked for; where the run has none to share
 * (cluster-setup is not configured), one of the test's own. Other files' sessions are on it too. `stop` leaves it be.
 */
export async function sharedCluster(major: number): Promise<Cluster> {
  const port = Number(process.env.PGTOP_TEST_BROKER_PORT);
  if (!(port > 0)) return startCluster(major);
  const socket = connectTo({host: '127.0.0.1', port});
  socket.write(`${major}\n`);
  const answer: unknown = JSON.parse(await text(socket));
  if (answer !== null && typeof answer === 'object' && 'error' in answer)
    throw new Error(String(answer.error));
  const unsupported = () => Promise.reject(new Error('a shared server is not taken down'));
  const shared = answer as Pick<
    ThrowAwayServer,
    'socketFolder' | 'port' | 'user' | 'database' | 'version' | 'major'
  >;
  return clusterOn({...shared, takeDown: unsupported, bringUp: unsupported, stop: () => Promise.resolve()});
}

/** Declares the tests of `body` once for each wanted major (those of the run unless told), on a server of that block's own. A major without programs is skipped and says so. */
export function describeOnMajors(
  title: string,
  body: (cluster: () => Cluster, major: number) => void,
  settings: ServerSettings = {},
  wanted: readonly number[] = majors,
): void {
  for (const major of wanted) {
    if (programsOfMajor(major) === null) {
      console.warn(missingReason(major));
      describe.skip(`${title}, on PostgreSQL ${major}: ${missingReason(major)}`, () =>
        body(unstarted, major));
      continue;
    }
    describe(`${title}, on PostgreSQL ${major}`, () => {
      let cluster: Cluster | null = null;
      beforeAll(async () => {
        cluster = await startCluster(major, settings);
      });
      afterAll(() => cluster?.stop());
      body(() => cluster ?? unstarted(), major);
    });
  }
}

function unstarted(): never {
  throw new Error('the server is there inside tests and hooks only');
}

function clusterOn(server: ThrowAwayServer): Cluster {
  const sessions: PlainSession[] = [];
  let made = 0;
  const connect = async (who: Partial<SessionTarget> = {}): Promise<TestSession> => {
    const session = await openPlainSession({...server, applicationName: 'test', ...who});
    sessions.push(session);
    return {...session, backgroundQuery: statement => outcomeOf(session.query(statement))};
  };
  return {
    ...server,
    connect,
    async createDatabase() {
      made += 1;
      const name = `test_${process.pid}_${performance.now().toFixed(0)}_${made}`;
      const session = await connect();
      // Somebody may be in template1, who would forbid it to be copied.
      await session.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      session.end();
      return name;
    },
    async stop() {
      for (const session of sessions) session.end();
      await server.stop();
    },
  };
}

function outcomeOf(answer: Promise<readonly Readonly<Record<string, unknown>>[]>): Promise<Outcome> {
  return answer.then(
    rows => ({type: 'done', rows}) as const,
    (error: unknown) => ({type: 'failed', error}) as const,
  );
}
