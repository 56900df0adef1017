import {setTimeout as wait} from 'node:timers/promises';
import type {Actor, Hanging, Routine} from './actor.ts';

/** A session of the incident; postgres/plain-session.ts has one. */
export type StagedSession = {
  query(statement: string): Promise<readonly unknown[]>;
  hasEnded(): boolean;
  end(): void;
};

/** Opens one session as somebody of the shop. */
export type OpenSession = (applicationName: string, user: string, database: string) => Promise<StagedSession>;

/** What every actor shares. */
export type Stage = {
  readonly open: OpenSession;
  /** Resolves once a question in the shop's database has an answer. */
  readonly until: (question: string) => Promise<void>;
  /** Aborted when the show is over. */
  readonly over: AbortSignal;
};

const BACK_AGAIN_MS = 1_500;

/** Opens the actor's session and runs what comes before anything hangs. @throws the server's error, except where it is part of the play. */
export async function enter(actor: Actor, {open}: Stage): Promise<StagedSession> {
  const session = await open(actor.applicationName, actor.user, actor.database);
  const statements = actor.opening ?? [];
  for (const [index, statement] of statements.entries()) {
    if (actor.endsAborted && index === statements.length - 1) await attempt(session, statement);
    else await session.query(statement);
  }
  return session;
}

/** Plays the actor's part to its end or to the end of the show. A cancelled statement and a terminated session are part of the show. */
export async function act(actor: Actor, session: StagedSession, stage: Stage): Promise<void> {
  if (actor.hanging !== undefined) await hang(actor.hanging, session, stage);
  if (actor.routine !== undefined) await follow(actor.routine, actor, session, stage);
}

async function hang(
  {statement, after, afterwards = []}: Hanging,
  session: StagedSession,
  stage: Stage,
): Promise<void> {
  if (after !== undefined) await stage.until(after);
  const gotThrough = await attempt(session, statement);
  for (const next of gotThrough ? afterwards : ['ROLLBACK']) await attempt(session, next);
}

async function follow(
  {statements, pauseMs}: Routine,
  actor: Actor,
  session: StagedSession,
  stage: Stage,
): Promise<void> {
  let current: StagedSession | null = session;
  for (let turn = 0; await pause(pauseMs, stage); turn += 1) {
    if (current === null || current.hasEnded()) {
      if (!actor.reconnects || !(await pause(BACK_AGAIN_MS, stage))) return;
      current = await reopen(actor, stage);
    }
    if (current !== null) await attempt(current, statements[turn % statements.length] ?? '');
  }
}

/** False when the statement was refused, cancelled, or lost with its session. */
async function attempt(session: StagedSession, statement: string): Promise<boolean> {
  return session.query(statement).then(
    () => true,
    () => false,
  );
}

/** Null while the server takes no session. */
async function reopen(
  {applicationName, user, database}: Actor,
  {open}: Stage,
): Promise<StagedSession | null> {
  return open(applicationName, user, database).catch(() => null);
}

/** False when the show ended meanwhile. Does not keep the process alive. */
async function pause(ms: number, {over}: Stage): Promise<boolean> {
  return wait(ms, true, {signal: over, ref: false}).catch(() => false);
}
