import {sanitise} from '../model/sanitise.ts';
import type {SessionTarget, SignalAction, SignalAnswer, SignalTarget} from '../model/signal.ts';
import type {Connection} from './connection.ts';
import {
  cancelStatement,
  roleStatements,
  roleTargetStatement,
  type SignalRow,
  targetStatement,
  terminateStatement,
  transactionStatements,
} from './queries/signal.ts';
import {errorCode, errorText, isStatementFailure} from './sql-state.ts';

/**
 * Signals one session. The comparison of identity and the signal are one statement. Never rejects: an answer that cannot be
 * known is `unknown` with the reason. What the signal does is seen in the snapshots that follow.
 */
export async function sendSignal(
  connection: Connection,
  action: SignalAction,
  target: SignalTarget,
): Promise<SignalAnswer> {
  if (target.kind === 'process') return {type: 'refused', sqlState: null, message: NOT_BY_SERVER};
  if (target.pid === connection.processId) return {type: 'refused', sqlState: null, message: OWN_SESSION};
  connection.takeNotice();
  let row: SignalRow | undefined;
  try {
    [row] = await send(connection, action, target);
  } catch (error) {
    return notSent(error);
  }
  if (row?.[0] === 't') return {type: 'signalled'};
  const notice = connection.takeNotice();
  try {
    if (await isGone(connection, target)) return {type: 'gone'};
  } catch (error) {
    return {type: 'unknown', message: errorText(error)};
  }
  if (row === undefined) return {type: 'moved-on'};
  return {type: 'refused', sqlState: null, message: sanitise(notice ?? 'the server sent no signal')};
}

const NOT_BY_SERVER = 'nothing was signalled: a process of the process table is not signalled by the server';
const OWN_SESSION = "nothing was signalled: this is pgtop's own session";

/** The server said no before it sent anything; a statement that was cut off (57014) may have sent it. */
function notSent(error: unknown): SignalAnswer {
  const sqlState = errorCode(error);
  return isStatementFailure(error) && sqlState !== '57014'
    ? {type: 'refused', sqlState, message: errorText(error)}
    : {type: 'unknown', message: errorText(error)};
}

async function send(
  connection: Connection,
  action: SignalAction,
  target: SessionTarget,
): Promise<readonly SignalRow[]> {
  const ask = (statement: string, ...values: readonly unknown[]) =>
    connection.query<SignalRow>(statement, [target.pid, ...values]);
  switch (target.kind) {
    case 'session':
      if (action === 'terminate') return await ask(terminateStatement, target.backendStart);
      if (target.queryStart === null) return [];
      return await ask(cancelStatement, target.backendStart, target.queryStart);
    case 'transaction':
      return await ask(transactionStatements[action], target.virtualTransaction);
    case 'role':
      return await ask(roleStatements[action], target.usesysid, target.datid);
    default:
      return target satisfies never;
  }
}

/** Whether nobody matched since the session has ended. Where backend_start is hidden, whoever has its pid, role and database counts as it. */
async function isGone(connection: Connection, target: SessionTarget): Promise<boolean> {
  const {pid} = target;
  const rows = await (target.kind === 'session'
    ? connection.query(targetStatement, [pid, target.backendStart])
    : connection.query(roleTargetStatement, [pid, target.usesysid, target.datid]));
  return rows.length === 0;
}
