import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {untilWaiting} from '../helpers/monitoring.ts';

/** A session of a scene: what it does first, and the statement that is left waiting. */
export type Part = {readonly database?: string; readonly opening?: string; readonly waits?: string};

/** Plays the parts of a scene one after another; each is done or waits before the next begins. */
export async function stage(
  cluster: Cluster,
  control: TestSession,
  here: string,
  parts: readonly Part[],
  beforeNext: (sessions: readonly TestSession[], next: number) => Promise<void> = () => Promise.resolve(),
): Promise<readonly TestSession[]> {
  const sessions: TestSession[] = [];
  for (const {database = here, opening, waits} of parts) {
    await beforeNext(sessions, sessions.length);
    const session = await cluster.connect({database});
    sessions.push(session);
    // A circle is to stay as it is.
    await session.query("SET deadlock_timeout = '1h'");
    if (opening !== undefined) await session.query(opening);
    if (waits?.startsWith('LOCK') && opening === undefined) await session.query('BEGIN');
    if (waits !== undefined) await waitInVain(control, session, waits);
  }
  return sessions;
}

/** Leaves a statement of the session waiting for a lock. */
export async function waitInVain(
  control: TestSession,
  session: TestSession | undefined,
  statement: string,
): Promise<void> {
  if (session === undefined) throw new Error('no such session in the scene');
  void session.backgroundQuery(statement);
  await untilWaiting(control, session.pid);
}
