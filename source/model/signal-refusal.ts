import {type Backend, isHidden, isIdleInXact} from './backend.ts';
import type {Session} from './session.ts';
import type {SignalAction, SignalTarget} from './signal.ts';
import {PG_SIGNAL_AUTOVACUUM_WORKER, PG_SIGNAL_BACKEND} from './signal-rights.ts';
import type {Snapshot} from './snapshot.ts';

/** Why a session is not signalled, known before the server is asked. */
export type Refusal = {
  readonly reason:
    | 'own-session'
    | 'background-process'
    | 'not-permitted'
    | 'gone'
    | 'not-cancellable'
    | 'parallel-worker'
    | 'unguarded'
    | 'one-at-a-time';
  /** A sentence that names the session. */
  readonly text: string;
};

/** Processes whose pid pg_cancel_backend and pg_terminate_backend do not accept, and those that the server starts again at once. */
const BACKGROUND = new Set([
  'checkpointer',
  'background writer',
  'walwriter',
  'startup',
  'walreceiver',
  'archiver',
  'io worker',
  'walsummarizer',
  'autovacuum launcher',
  'logical replication launcher',
]);

/** Why a session cannot be signalled by this role with this action; null when it can be tried. */
export function signalRefusal(action: SignalAction, {backend}: Session, snapshot: Snapshot): Refusal | null {
  return (
    background(backend) ??
    notPermitted(action, backend, snapshot) ??
    parallelWorker(backend) ??
    (action === 'cancel' ? notCancellable(backend) : null)
  );
}

function background({pid, backendType}: Backend): Refusal | null {
  if (backendType === null || !BACKGROUND.has(backendType)) return null;
  return {
    reason: 'background-process',
    text: `${pid} is a ${backendType}: the server does not let it be signalled.`,
  };
}

/** The rules of pg_signal_backend() in the server, by version. A role that has not been looked up is left to the server. */
function notPermitted(action: SignalAction, backend: Backend, snapshot: Snapshot): Refusal | null {
  const {pid, usesysid, usename} = backend;
  const {server, rights} = snapshot.reading;
  if (rights.isSuperuser) return null;
  const mayAs = (oid: number) => snapshot.roleRights.get(oid)?.isOwn ?? false;
  const refuse = (text: string): Refusal => ({reason: 'not-permitted', text: `${pid}: ${text}`});
  if (usesysid === null) {
    if (server.versionNum < 110_000 && mayAs(PG_SIGNAL_BACKEND)) return null;
    if (backend.backendType === 'autovacuum worker' && mayAs(PG_SIGNAL_AUTOVACUUM_WORKER)) return null;
    const kind = backend.backendType ?? 'process of the server';
    return refuse(`only a superuser may ${action} a ${kind}${autovacuumRole(backend, server.versionNum)}.`);
  }
  const role = snapshot.roleRights.get(usesysid);
  if (role === undefined) return null;
  if (role.isSuperuser)
    return refuse(`only a superuser may ${action} a session of the superuser ${usename}.`);
  if (role.isOwn || mayAs(PG_SIGNAL_BACKEND)) return null;
  return refuse(
    `${server.user} may not ${action} a session of ${usename}. GRANT pg_signal_backend TO ${server.user};`,
  );
}

function autovacuumRole({backendType}: Backend, versionNum: number): string {
  return backendType === 'autovacuum worker' && versionNum >= 180_000
    ? ' or a member of pg_signal_autovacuum_worker'
    : '';
}

function parallelWorker(backend: Backend): Refusal | null {
  const {pid, backendType, leaderPid} = backend;
  if (backendType !== 'parallel worker') return null;
  const leader =
    leaderPid === null ? 'its leader, which this server does not name' : `its leader ${leaderPid}`;
  return {
    reason: 'parallel-worker',
    text: `${pid} is a parallel worker: signal ${leader}, whose query it works for.`,
  };
}

/** A hidden session may run a query; one that is seen to run none has nothing to cancel. */
function notCancellable(backend: Backend): Refusal | null {
  const {pid, state, backendType} = backend;
  if (isHidden(backend) || state === 'active') return null;
  const refuse = (text: string): Refusal => ({reason: 'not-cancellable', text: `${pid} ${text}`});
  if (state === 'idle') return refuse('is idle: nothing to cancel.');
  if (isIdleInXact(backend)) return refuse(`is ${state}: nothing to cancel, its locks stay.`);
  return refuse(`(${backendType ?? 'unknown'}) runs no query that could be cancelled.`);
}

/** How the server is told of a session as a snapshot has it: by its start, else by the transaction it is in, else by what is left. */
export function targetOf({backend}: Session, {virtualTransactions}: Snapshot): SignalTarget {
  const {pid, backendStart, queryStart, usesysid, datid} = backend;
  if (backendStart !== null) return {kind: 'session', pid, backendStart, queryStart};
  const virtualTransaction = virtualTransactions?.get(pid);
  return virtualTransaction === undefined
    ? {kind: 'role', pid, usesysid, datid}
    : {kind: 'transaction', pid, virtualTransaction, usesysid, datid};
}
