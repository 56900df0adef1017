import {setTimeout as wait} from 'node:timers/promises';
import {act, enter, type OpenSession, type Stage, type StagedSession} from './act.ts';
import type {Actor} from './actor.ts';
import {DemoError} from './demo-error.ts';
import {ANALYTICS, analyticsSchema, SHOP, shopDatabases, shopRoles, shopSchema} from './shop-schema.ts';
import {stagedBystanders} from './staged-bystanders.ts';
import {stagedWaits} from './staged-waits.ts';

/** A running incident. It goes on by itself until it is stopped or the server is gone. */
export type Incident = {
  /** The database to watch it from. */
  readonly database: string;
  /** Ends every session of it at once. */
  stop(): void;
};

const POLL_MS = 15;
const DEADLINE_MS = 30_000;
const MAINTENANCE = 'postgres';
const SOMEBODY_WAITS = 'SELECT DISTINCT pid FROM pg_locks WHERE NOT granted';

/**
 * Builds a small shop on an empty server and stages a bad day in it: a forgotten transaction with ten sessions behind
 * it, two smaller trees, an aborted transaction, long and parallel queries, idle pools, and business going on.
 * Resolves when all of it stands. Whoever is freed goes on with work; nobody who was ended is staged again.
 * @throws the server's error, or DemoError when it does not come to stand.
 */
export async function stageIncident(openSession: OpenSession, superuser: string): Promise<Incident> {
  const sessions = new Set<StagedSession>();
  const over = new AbortController();
  const open: OpenSession = async (applicationName, user, database) => {
    const session = await openSession(applicationName, user, database);
    if (over.signal.aborted) session.end();
    sessions.add(session);
    return session;
  };
  const stop = () => {
    over.abort();
    for (const session of sessions) session.end();
  };
  try {
    await buildShop(open, superuser);
    await raiseCurtain(open, superuser, over.signal);
  } catch (error) {
    stop();
    throw error;
  }
  return {database: SHOP, stop};
}

async function buildShop(open: OpenSession, superuser: string): Promise<void> {
  const asSuperuser = async (database: string, statement: string) => {
    const session = await open('pgtop demo', superuser, database);
    await session.query(statement);
    session.end();
  };
  await Promise.all([shopRoles, ...shopDatabases].map(statement => asSuperuser(MAINTENANCE, statement)));
  await Promise.all([asSuperuser(SHOP, shopSchema), asSuperuser(ANALYTICS, analyticsSchema)]);
}

async function raiseCurtain(open: OpenSession, superuser: string, over: AbortSignal): Promise<void> {
  const director = await open('pgtop demo', superuser, SHOP);
  const until = (question: string, atLeast = 1) => untilAnswered(director, question, atLeast);
  const stage: Stage = {open, until, over};
  const actors: readonly Actor[] = [...stagedWaits, ...stagedBystanders];
  const cast = await Promise.all(actors.map(async actor => ({actor, session: await enter(actor, stage)})));
  const parts = cast.map(({actor, session}) => act(actor, session, stage));
  const waiters = actors.filter(({hanging}) => hanging?.waitsForLock).length;
  await Promise.race([until(SOMEBODY_WAITS, waiters), failureOf(parts)]);
  director.end();
}

/** Rejects when a part cannot be played; never resolves. */
function failureOf(parts: readonly Promise<void>[]): Promise<never> {
  return new Promise((_, reject) => {
    for (const part of parts) part.catch(reject);
  });
}

async function untilAnswered(session: StagedSession, question: string, atLeast: number): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while ((await session.query(question)).length < atLeast) {
    if (performance.now() > deadline)
      throw new DemoError('the incident of the demo did not come to stand in time');
    await wait(POLL_MS);
  }
}
