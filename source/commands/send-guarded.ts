import {signalProcess} from '../host/signal-process.ts';
import type {Batch} from '../model/batch.ts';
import type {ReadOnlyRule} from '../model/read-only.ts';
import {isSameServer} from '../model/same-server.ts';
import type {ProcessTarget, SignalAnswer, SignalTarget} from '../model/signal.ts';
import type {PreparedSession} from '../postgres/prepare-monitoring.ts';
import {sendSignal} from '../postgres/signals.ts';
import {errorText} from '../postgres/sql-state.ts';

/** Asks something of the session that is connected now. @throws when there is none */
export type Ask = <T>(question: (session: PreparedSession) => Promise<T>) => Promise<T>;

/**
 * Sends a signal of a batch on the present session, unless that leads to another server than the batch was decided on, or to one
 * where none may be sent. Never rejects.
 */
export async function sendGuarded(
  ask: Ask,
  isReadOnlyAt: ReadOnlyRule,
  {action, server}: Pick<Batch, 'action' | 'server'>,
  target: SignalTarget,
): Promise<SignalAnswer> {
  try {
    return await ask(async ({connection, capabilities}): Promise<SignalAnswer> => {
      const {host} = connection.endpoint;
      if (isReadOnlyAt(host)) return refused(`pgtop is read-only at ${host}`);
      // Who connects anew may reach another server; as long as a connection lives it leads to one run of one server.
      if (!isSameServer(server.identity, capabilities.server.identity)) return refused(ELSEWHERE);
      return await sendSignal(connection, action, target);
    });
  } catch (error) {
    // sendSignal never rejects: without a session nothing was asked at all.
    return refused(`nothing was signalled: ${errorText(error)}`);
  }
}

/** Sends a signal of the operating system to the process of a batch, unless none may be sent to that server. Never rejects. */
export function sendToProcess(
  isReadOnlyAt: ReadOnlyRule,
  {action, server}: Pick<Batch, 'action' | 'server'>,
  target: ProcessTarget,
  proc: string,
): SignalAnswer {
  if (isReadOnlyAt(server.host)) return refused(`pgtop is read-only at ${server.host}`);
  return signalProcess(action, target, proc);
}

const ELSEWHERE =
  'nothing was signalled: pgtop is connected to another server now, or this one was restarted';

function refused(message: string): SignalAnswer {
  return {type: 'refused', sqlState: null, message};
}
