import {sanitise} from '../model/sanitise.ts';
import {PG_SIGNAL_BACKEND} from '../model/signal-rights.ts';
import type {Reading} from '../model/snapshot.ts';
import type {Capabilities} from './capabilities.ts';
import type {Connection} from './connection.ts';
import type {NameCache} from './name-cache.ts';
import {type VirtualTransactionRow, virtualTransactionsStatement} from './queries/signal.ts';
import {isStatementFailure} from './sql-state.ts';

/**
 * The transactions of all sessions, for a role that may signal them but sees no backend_start; null for any other, and when they cannot be read. To be asked before
 * the activity: who is in the transaction still when a signal is sent was in it when the activity was read. @throws what ends the connection
 */
export async function readVirtualTransactions(
  connection: Connection,
  {readsAllStats}: Capabilities,
  names: NameCache,
): Promise<Reading['virtualTransactions']> {
  const maySignal = names.roleRights().some(([oid, {isOwn}]) => oid === PG_SIGNAL_BACKEND && isOwn);
  if (readsAllStats || !maySignal) return null;
  try {
    const rows = await connection.query<VirtualTransactionRow>(virtualTransactionsStatement);
    return rows.map(([pid, virtualTransaction]) => [Number(pid), sanitise(virtualTransaction)]);
  } catch (error) {
    // Without them sessions fall back on the weaker guard.
    if (!isStatementFailure(error)) throw error;
    return null;
  }
}
