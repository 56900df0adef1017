import type {Lock} from './lock.ts';
import type {Microseconds} from './timestamp.ts';

/**
 * Who takes part in a wait: the pid of a session (of the parallel leader for its whole lock group), or the
 * negated transaction id of a prepared transaction.
 */
export type HolderId = number;

/** Those ahead in a queue: the first `count` of a line. All who want a lock in one mode share the line, so that a queue of n is not written down n times. */
export type Ahead = {readonly line: readonly HolderId[]; readonly count: number};

/** One session's wait for one lock: an ungranted row of pg_locks with everybody it waits for, each named once. */
export type Wait = {
  /** The session that waits; for a parallel worker its leader. */
  readonly waiter: HolderId;
  /** The process that waits; differs from `waiter` for a parallel worker. */
  readonly pid: number;
  readonly lock: Lock;
  /** Who holds the lock in a mode that conflicts with the wanted one. Those who want it in the same mode share the list. */
  readonly hard: readonly HolderId[];
  /** Who is ahead in the queue with a conflicting wish of its own. */
  readonly soft: Ahead;
  /** When the wait began: pg_locks.waitstart, or when pgtop first saw it; null until either is known. */
  readonly since: Microseconds | null;
};

/** Those ahead as a list. */
export function softOf({soft: {line, count}}: Wait): readonly HolderId[] {
  return line.length === count ? line : line.slice(0, count);
}

/** Everybody this wait is for, hard blocks first, then from the head of the queue. */
export function blockersOf(wait: Wait): readonly HolderId[] {
  if (wait.soft.count === 0) return wait.hard;
  return wait.hard.length === 0 ? softOf(wait) : wait.hard.concat(softOf(wait));
}

/** Several lists as one that names each once; a single list as it is. */
export function joined(lists: readonly (readonly HolderId[])[]): readonly HolderId[] {
  const [first = [], ...others] = lists;
  return others.length === 0 ? first : [...new Set(lists.flat())];
}

/** True when pg_blocking_pids names the same as these waits of one lock group. It may name a pid twice, and 0 for any prepared transaction. */
export function isConfirmed(waits: readonly Wait[], blockingPids: readonly number[]): boolean {
  const reported = new Set(blockingPids);
  const ours = new Set<number>();
  for (const wait of waits) for (const id of blockersOf(wait)) ours.add(Math.max(id, 0));
  if (ours.size !== reported.size) return false;
  for (const id of ours) if (!reported.has(id)) return false;
  return true;
}

/**
 * The wait as pg_blocking_pids tells it. `queue` are those who wait for the same lock: whom the server reports of them only
 * stands ahead, unless the reading shows that it holds the lock. 0 stands for any prepared transaction, which the reading's own hard blocks name.
 */
export function settleWait(wait: Wait, blockingPids: readonly number[], queue: ReadonlySet<HolderId>): Wait {
  const reported = new Set(blockingPids.filter(pid => pid !== 0));
  const prepared = blockingPids.includes(0) ? wait.hard.filter(id => id < 0) : [];
  const held = wait.hard.filter(id => reported.has(id));
  const others = [...reported].filter(id => !held.includes(id));
  const line = others.filter(id => queue.has(id));
  const unseen = others.filter(id => !queue.has(id));
  return {...wait, hard: [...held, ...unseen, ...prepared], soft: {line, count: line.length}};
}
