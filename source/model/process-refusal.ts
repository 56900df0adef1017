import type {ProcessTable} from './process-table.ts';
import type {Session} from './session.ts';
import type {ProcessTarget, SignalAction} from './signal.ts';
import type {Refusal} from './signal-refusal.ts';

/** Why a process of a server without a free slot is not signalled; null when it can be tried. `count` is how many are asked for at once. */
export function processRefusal(
  action: SignalAction,
  {backend, serverProcess}: Session,
  table: ProcessTable | null,
  count: number,
): Refusal | null {
  const {pid, backendType, state} = backend;
  const refuse = (reason: Refusal['reason'], text: string): Refusal => ({reason, text: `${pid} ${text}`});
  if (serverProcess === null || table === null)
    return refuse('gone', 'is not among the processes shown now: choose in the table.');
  if (table.postmaster.whyNoSignal !== null)
    return {reason: 'not-permitted', text: `${pid}: ${table.postmaster.whyNoSignal}.`};
  if (count > 1)
    return {reason: 'one-at-a-time', text: 'Without a connection processes are signalled one at a time.'};
  if (backendType !== 'client backend')
    return refuse(
      'background-process',
      `is a ${backendType}, which belongs to the server: it is not signalled.`,
    );
  if (/t/i.test(serverProcess.state))
    return refuse('not-permitted', 'is stopped (SIGSTOP): it takes no signal before it is continued.');
  if (action === 'terminate' || state === null || state === 'active') return null;
  return refuse('not-cancellable', `is ${state}: nothing to cancel.`);
}

/** How the operating system is told of a process; null for a session that is none. */
export function processTargetOf({serverProcess}: Session, table: ProcessTable | null): ProcessTarget | null {
  if (serverProcess === null || table === null) return null;
  const {pid, startTicks, title} = serverProcess;
  const {postmaster} = table;
  return {
    kind: 'process',
    pid,
    startTicks,
    postmaster: {pid: postmaster.pid, startTicks: postmaster.startTicks},
    title,
  };
}
