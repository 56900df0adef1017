import {type Lock, lockTag, modesConflict} from './lock.ts';
import type {Microseconds} from './timestamp.ts';

/**
 * Who takes part in a wait: the pid of a session (of the parallel leader for its whole lock group), or the
 * negated transaction id of a prepared transaction.
 */
export type HolderId = number;

/** One session's wait for one lock: an ungranted row of pg_locks with everybody it waits for. */
export type Wait = {
  /** The session that waits; for a parallel worker its leader. */
  readonly waiter: HolderId;
  /** The process that waits; differs from `waiter` for a parallel worker. */
  readonly pid: number;
  readonly lock: Lock;
  /** Who holds the lock in a mode that conflicts with the wanted one. */
  readonly hard: readonly HolderId[];
  /** Who is ahead in the queue with a conflicting wish of its own; may name a hard blocker again. */
  readonly soft: readonly HolderId[];
  /** When the wait began: pg_locks.waitstart, or when pgtop first saw it; null until either is known. */
  readonly since: Microseconds | null;
};

/** What a reading of pg_locks says, and the processes whose place in a queue it cannot tell. */
export type WaitReading = {
  readonly waits: readonly Wait[];
  readonly undecided: readonly number[];
  /** Who shares a queue with somebody of a conflicting wish: PostgreSQL may have rearranged it to avoid a deadlock. */
  readonly contested: readonly number[];
};

/** The lock group of a process: the pid of its parallel leader, its own pid without one, undefined for a worker whose leader is not known (before PostgreSQL 13). */
export type LockGroupOf = (pid: number) => number | undefined;

/** A row of pg_locks with who it belongs to; `isGrouped` is false for a worker whose leader is not known. */
type Claim = {readonly lock: Lock; readonly holder: HolderId; readonly isGrouped: boolean};

function claimOf(lock: Lock, groupOf: LockGroupOf, prepared: ReadonlyMap<string, number>): Claim {
  if (lock.pid === null) {
    const holder = prepared.get(lock.virtualtransaction) ?? transactionOf(lock);
    return {lock, holder: -holder, isGrouped: true};
  }
  const group = groupOf(lock.pid);
  return {lock, holder: group ?? lock.pid, isGrouped: group !== undefined};
}

/**
 * Transaction ids of the prepared transactions by the virtual transaction their locks are listed under: that of the session which
 * prepared it. Each locks its own id, and those of its subtransactions, which are later.
 */
function preparedTransactions(locks: readonly Lock[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const {pid, locktype, granted, transactionid, virtualtransaction} of locks) {
    if (pid !== null || locktype !== 'transactionid' || !granted || transactionid === null) continue;
    const known = found.get(virtualtransaction) ?? Number.POSITIVE_INFINITY;
    found.set(virtualtransaction, Math.min(known, Number(transactionid)));
  }
  return found;
}

/** The transaction id in a virtual transaction `-1/731`: how a prepared transaction is listed after a restart, and in old versions always. */
function transactionOf({virtualtransaction}: Lock): number {
  return Number(virtualtransaction.slice(virtualtransaction.indexOf('/') + 1));
}

/**
 * The waits of one reading of pg_locks that holds every ungranted lock, the granted ones of the same objects and the transaction ids of prepared transactions,
 * with the rules of pg_blocking_pids: a conflicting holder blocks, and so does a conflicting wish ahead in the queue;
 * members of one lock group never block each other. The queue is ordered by waitstart. It cannot be told without
 * waitstart, or when somebody in it already holds the lock (PostgreSQL then lets it jump the queue):
 * such waiters are returned as undecided, with their hard blocks only.
 */
export function readWaits(locks: readonly Lock[], groupOf: LockGroupOf): WaitReading {
  const prepared = preparedTransactions(locks);
  const waits: Wait[] = [];
  const undecided: number[] = [];
  const contested: number[] = [];
  for (const competing of Map.groupBy(locks, lockTag).values()) {
    const claims = competing.map(lock => claimOf(lock, groupOf, prepared));
    const queue = claims.filter(claim => !claim.lock.granted).sort(byWaitstart);
    const holders = claims.filter(claim => claim.lock.granted);
    const isOrdered = queueIsOrdered(queue, holders);
    const isGrouped = claims.every(claim => claim.isGrouped);
    for (const [place, claim] of queue.entries()) {
      if (claim.lock.pid === null) continue;
      if (queue.some(rival => conflicts(claim, rival))) contested.push(claim.lock.pid);
      const rivals = (isOrdered ? queue.slice(0, place) : queue).filter(rival => conflicts(claim, rival));
      waits.push({
        waiter: claim.holder,
        pid: claim.lock.pid,
        lock: claim.lock,
        hard: [...new Set(holders.filter(held => conflicts(claim, held)).map(held => held.holder))],
        soft: isOrdered ? rivals.map(rival => rival.holder) : [],
        since: claim.lock.waitstart,
      });
      if (!isGrouped || (!isOrdered && rivals.length > 0)) undecided.push(claim.lock.pid);
    }
  }
  return {waits, undecided, contested};
}

function byWaitstart(a: Claim, b: Claim): number {
  return (a.lock.waitstart ?? 0) - (b.lock.waitstart ?? 0);
}

function queueIsOrdered(queue: readonly Claim[], holders: readonly Claim[]): boolean {
  const starts = new Set(queue.map(claim => claim.lock.waitstart));
  const waiting = new Set(queue.map(claim => claim.holder));
  return !starts.has(null) && starts.size === queue.length && !holders.some(held => waiting.has(held.holder));
}

function conflicts(wish: Claim, other: Claim): boolean {
  return modesConflict(wish.lock.mode, other.lock.mode) && wish.holder !== other.holder;
}

/**
 * The wait as pg_blocking_pids tells it, for one the reading could not decide. `blockingPids` may name a pid twice;
 * 0 stands for any prepared transaction, which the reading's own hard blocks name.
 */
export function settleWait(wait: Wait, blockingPids: readonly number[]): Wait {
  const reported = new Set(blockingPids.filter(pid => pid !== 0));
  const prepared = blockingPids.includes(0) ? wait.hard.filter(id => id < 0) : [];
  return {
    ...wait,
    hard: [...wait.hard.filter(id => reported.has(id)), ...prepared],
    soft: [...reported].filter(id => !wait.hard.includes(id)),
  };
}

/** Everybody this wait is for, hard blocks first. */
export function blockersOf(wait: Wait): readonly HolderId[] {
  return wait.soft.length === 0 ? wait.hard : [...wait.hard, ...wait.soft];
}
