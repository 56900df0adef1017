import {isSameProcess} from '../model/process-table.ts';
import {withoutWaiting} from '../model/process-title.ts';
import type {ProcessTarget, SignalAction, SignalAnswer} from '../model/signal.ts';
import {readStat, readTitle} from './read-process-table.ts';

/** What the server's own functions send: SIGINT ends the query, SIGTERM the session. */
const SIGNALS = {cancel: 'SIGINT', terminate: 'SIGTERM'} as const;

/** Sends a signal; throws the system's error. */
type Kill = (pid: number, signal: NodeJS.Signals) => void;

/**
 * Signals one process of a server, unless it is not the one any more, or does something else than what is to be cancelled. Between
 * the last look and the signal there is no guard, since the system takes a pid only: a process that ends in these microseconds is
 * missed, and another one could be hit only if its pid were given out again within them. Never rejects.
 */
export function signalProcess(
  action: SignalAction,
  target: ProcessTarget,
  proc: string,
  kill: Kill = (pid, signal) => process.kill(pid, signal),
): SignalAnswer {
  const {pid, postmaster, title} = target;
  const isThere = () => isStillThere(target, proc);
  if (!isThere()) return {type: 'gone'};
  if (action === 'cancel' && withoutWaiting(readTitle(pid, proc)) !== withoutWaiting(title))
    return isThere() ? {type: 'moved-on'} : {type: 'gone'};
  const parent = readStat(postmaster.pid, proc);
  const isServer = parent !== null && isSameProcess(parent, postmaster);
  const now = readStat(pid, proc);
  if (now === null || !isSameProcess(now, target)) return {type: 'gone'};
  if (!isServer || now.parentPid !== postmaster.pid)
    return refused('nothing was signalled: the server that started the process is gone');
  try {
    kill(pid, SIGNALS[action]);
    return {type: 'signalled'};
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return error.code === 'ESRCH' ? {type: 'gone'} : refused(error.message);
  }
}

function refused(message: string): SignalAnswer {
  return {type: 'refused', sqlState: null, message};
}

function isStillThere(target: ProcessTarget, proc: string): boolean {
  const now = readStat(target.pid, proc);
  return now !== null && isSameProcess(now, target);
}
