import {isWish, type Lock, lockTag, modesConflict} from './lock.ts';
import type {Microseconds} from './timestamp.ts';
import type {Ahead, HolderId, Wait} from './wait-graph.ts';

/** A waiter about whom the reading alone may be wrong. */
export type Doubt = {
  readonly pid: number;
  /** Rows of pg_locks on the same object: what the server has to look at to answer for it. */
  readonly rows: number;
  /**
   * `undecided`: the reading cannot tell its place in the queue, or to whom a worker belongs. `movable`: PostgreSQL may have rearranged the queue
   * to avoid a deadlock, since somebody in it holds others up. `settled`: so too, but whoever it was for has gone.
   */
  readonly kind: 'undecided' | 'movable' | 'settled';
};

/** What a reading of pg_locks says, and about whom it may be wrong. */
export type WaitReading = {readonly waits: readonly Wait[]; readonly doubts: readonly Doubt[]};

/** The lock group of a process: its parallel leader, or itself without one. Not certain for a worker that names no leader (before PostgreSQL 13). */
export type LockGroup = {readonly leader: number; readonly isCertain: boolean};

/** What is known of the processes besides their locks. */
export type ProcessFacts = {
  readonly groupOf: (pid: number) => LockGroup;
  /** When the query of a process began: it cannot have waited before. Null when that is not known. */
  readonly queryStartOf: (pid: number) => Microseconds | null;
};

/** A row of pg_locks with who it belongs to. */
type Claim = {readonly lock: Lock; readonly holder: HolderId; readonly isCertain: boolean};

/** A claim that is not granted, of a process. */
type Wish = Claim & {readonly pid: number};

/** Everybody with a claim on one object, the wishes in the order of their queue. */
type Contest = {
  readonly holders: readonly Claim[];
  readonly queue: readonly Wish[];
  /** False when somebody's place is a guess. */
  readonly isCertain: boolean;
};

/**
 * The waits of one reading of pg_locks that holds every ungranted lock, the granted ones of the same objects and the transaction ids of prepared
 * transactions, with the rules of pg_blocking_pids: a conflicting holder blocks, and so does a conflicting wish ahead in the
 * queue; members of one lock group never block each other. Time and space grow with the number of rows.
 */
export function readWaits(locks: readonly Lock[], facts: ProcessFacts): WaitReading {
  const prepared = preparedTransactions(locks);
  const contests = [...Map.groupBy(locks, lockTag).values()]
    .filter(rows => rows.some(isWish))
    .map(rows => contestOf(rows, facts, prepared));
  const waits = contests.flatMap(waitsOf);
  const lists = new Set(waits.map(({hard}) => hard));
  const holdOthersUp = new Set([...lists].flat());
  return {waits, doubts: contests.flatMap(contest => doubtsOf(contest, holdOthersUp))};
}

function contestOf(
  rows: readonly Lock[],
  facts: ProcessFacts,
  prepared: ReadonlyMap<string, number>,
): Contest {
  const claims = rows.map(lock => claimOf(lock, facts, prepared));
  const holders = claims.filter(claim => claim.lock.granted);
  const wishes = claims.flatMap(claim =>
    claim.lock.granted || claim.lock.pid === null ? [] : [{...claim, pid: claim.lock.pid}],
  );
  const starts = new Set(wishes.map(wish => wish.lock.waitstart));
  const waiting = new Set(wishes.map(wish => wish.holder));
  const isOrdered =
    !starts.has(null) && starts.size === wishes.length && !holders.some(held => waiting.has(held.holder));
  return {
    holders,
    queue: queueOf(wishes, holders, facts),
    isCertain: isOrdered && claims.every(claim => claim.isCertain),
  };
}

function claimOf(lock: Lock, {groupOf}: ProcessFacts, prepared: ReadonlyMap<string, number>): Claim {
  if (lock.pid === null) {
    const holder = prepared.get(lock.virtualtransaction) ?? transactionOf(lock);
    return {lock, holder: -holder, isCertain: true};
  }
  const {leader, isCertain} = groupOf(lock.pid);
  return {lock, holder: leader, isCertain};
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
 * The wishes as they stand in the queue: by waitstart, before PostgreSQL 14 by the start of their queries; but who holds the lock already
 * goes before the first whose wish conflicts with that, as ProcSleep has it.
 */
function queueOf(
  wishes: readonly Wish[],
  holders: readonly Claim[],
  {queryStartOf}: ProcessFacts,
): readonly Wish[] {
  // A missing waitstart beside others is that of a wait which has just begun.
  const isTold = wishes.some(({lock}) => lock.waitstart !== null);
  const starts = new Map(
    wishes.map(({pid, lock}) => [
      pid,
      lock.waitstart ?? (isTold ? null : queryStartOf(pid)) ?? Number.POSITIVE_INFINITY,
    ]),
  );
  const startOf = ({pid}: Wish) => starts.get(pid) ?? Number.POSITIVE_INFINITY;
  const byStart = (a: Wish, b: Wish) =>
    startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : a.pid - b.pid;
  const held = Map.groupBy(holders, claim => claim.holder);
  const queue: Wish[] = [];
  for (const wish of [...wishes].sort(byStart)) {
    const own = held.get(wish.holder) ?? [];
    const place =
      own.length === 0 ? -1 : queue.findIndex(other => own.some(claim => conflicts(other, claim)));
    queue.splice(place === -1 ? queue.length : place, 0, wish);
  }
  return queue;
}

function conflicts(wish: Claim, other: Claim): boolean {
  return wish.holder !== other.holder && modesConflict(wish.lock.mode, other.lock.mode);
}

/** Who stands in the way of one mode: those who hold the lock, and those in the queue up to here; `all` are both. */
type Rivals = {readonly hard: readonly HolderId[]; readonly line: HolderId[]; readonly all: Set<HolderId>};

function waitsOf({holders, queue}: Contest): readonly Wait[] {
  const rivals = new Map<string, Rivals>();
  for (const {mode} of queue.map(({lock}) => lock)) {
    if (rivals.has(mode)) continue;
    const all = new Set(
      holders.flatMap(({lock, holder}) => (modesConflict(mode, lock.mode) ? [holder] : [])),
    );
    rivals.set(mode, {hard: [...all], line: [], all});
  }
  return queue.map(wish => {
    const {lock, holder, pid} = wish;
    const own = rivals.get(lock.mode);
    // Whoever is among its own rivals holds the lock itself, or shares its lock group with somebody in the queue.
    const isAmong = own?.all.has(holder) ?? false;
    const hard = own?.hard ?? [];
    const line = own?.line ?? [];
    const wait = {
      waiter: holder,
      pid,
      lock,
      hard: isAmong ? hard.filter(id => id !== holder) : hard,
      soft: isAmong ? aheadIn(line.filter(id => id !== holder)) : aheadIn(line),
      since: lock.waitstart,
    };
    for (const [mode, {line, all}] of rivals) {
      if (all.has(holder) || !modesConflict(mode, lock.mode)) continue;
      all.add(holder);
      line.push(holder);
    }
    return wait;
  });
}

function aheadIn(line: readonly HolderId[]): Ahead {
  return {line, count: line.length};
}

function doubtsOf(
  {holders, queue, isCertain}: Contest,
  holdOthersUp: ReadonlySet<HolderId>,
): readonly Doubt[] {
  const isGrouped = [...holders, ...queue].every(claim => claim.isCertain);
  const wishers = new Map<string, Set<HolderId>>();
  for (const {lock, holder} of queue) {
    const some = wishers.get(lock.mode);
    if (some === undefined) wishers.set(lock.mode, new Set([holder]));
    else some.add(holder);
  }
  const hasRival = ({lock, holder}: Wish) =>
    [...wishers].some(
      ([mode, some]) => modesConflict(lock.mode, mode) && (some.size > 1 || !some.has(holder)),
    );
  const isMovable = queue.some(({holder}) => holdOthersUp.has(holder));
  const rows = holders.length + queue.length;
  return queue.flatMap(wish => {
    if (isGrouped && !hasRival(wish)) return [];
    const kind = isCertain ? (isMovable ? 'movable' : 'settled') : 'undecided';
    return [{pid: wish.pid, rows, kind}];
  });
}
