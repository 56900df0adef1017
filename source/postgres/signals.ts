import {setTimeout as sleep} from 'node:timers/promises';
import {sanitise} from '../model/sanitise.ts';
import type {SignalAction, SignalOutcome, SignalTarget} from '../model/signal.ts';
import type {Connection} from './connection.ts';
import {
  cancelStatement,
  type SignalRow,
  type TargetRow,
  targetStatement,
  terminateStatement,
} from './queries/signal.ts';
import {errorCode, errorText, isStatementFailure} from './sql-state.ts';

/** Milliseconds between two looks at a target: soon after the signal often, then seldom. */
const LOOKS_MS = [5, 10, 20, 40, 80, 160, 250];

/**
 * Signals one session and watches what comes of it for up to `waitMs`. The comparison of identity and the signal are one statement.
 * Never rejects: an outcome that cannot be known is `unknown` with the reason.
 */
export async function signalSession(
  connection: Connection,
  action: SignalAction,
  target: SignalTarget,
  waitMs: number,
): Promise<SignalOutcome> {
  connection.takeNotice();
  let row: SignalRow | undefined;
  try {
    [row] = await send(connection, action, target);
  } catch (error) {
    return notSent(error);
  }
  try {
    if (row?.[0] === 't') return await watch(connection, action, target, waitMs);
    const notice = connection.takeNotice();
    if ((await look(connection, target)) === null) return {type: 'gone'};
    if (row === undefined) return {type: 'moved-on'};
    return {type: 'refused', message: sanitise(notice ?? 'the server sent no signal')};
  } catch (error) {
    return {type: 'unknown', message: errorText(error)};
  }
}

/** The server said no before it sent anything; a statement that was cut off (57014) may have sent it. */
function notSent(error: unknown): SignalOutcome {
  const isKnown = isStatementFailure(error) && errorCode(error) !== '57014';
  return {type: isKnown ? 'refused' : 'unknown', message: errorText(error)};
}

async function send(
  connection: Connection,
  action: SignalAction,
  {pid, backendStart, queryStart}: SignalTarget,
): Promise<readonly SignalRow[]> {
  if (action === 'terminate')
    return await connection.query<SignalRow>(terminateStatement, [pid, backendStart]);
  if (queryStart === null) return [];
  return await connection.query<SignalRow>(cancelStatement, [pid, backendStart, queryStart]);
}

async function look(connection: Connection, {pid, backendStart}: SignalTarget): Promise<TargetRow | null> {
  const [row] = await connection.query<TargetRow>(targetStatement, [pid, backendStart]);
  return row ?? null;
}

async function watch(
  connection: Connection,
  action: SignalAction,
  target: SignalTarget,
  waitMs: number,
): Promise<SignalOutcome> {
  const sentAt = performance.now();
  for (let turn = 0; ; turn++) {
    const current = await look(connection, target);
    const afterMs = Math.round(performance.now() - sentAt);
    if (current === null) return {type: 'ended', afterMs};
    if (action === 'cancel' && hasMovedOn(current, target)) return {type: 'cancelled', afterMs};
    if (afterMs >= waitMs) return {type: 'still-there', afterMs};
    await sleep(LOOKS_MS[turn] ?? 250);
  }
}

function hasMovedOn([state, queryStart]: TargetRow, target: SignalTarget): boolean {
  return state !== 'active' || Number(queryStart) !== target.queryStart;
}
