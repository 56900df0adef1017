import type {Lock} from '../../source/model/lock.ts';
import type {HolderId, Wait} from '../../source/model/wait-graph.ts';

/** The relation that locks are on unless a test says otherwise. */
export const ORDERS = {database: 16_384, relation: 16_400};

const NOWHERE = {
  database: null,
  relation: null,
  page: null,
  tuple: null,
  virtualxid: null,
  transactionid: null,
  classid: null,
  objid: null,
  objsubid: null,
};

const LOCK: Lock = {
  ...NOWHERE,
  ...ORDERS,
  locktype: 'relation',
  virtualtransaction: '3/1',
  pid: 1,
  mode: 'AccessExclusiveLock',
  granted: true,
  waitstart: null,
};

/** A granted ACCESS EXCLUSIVE lock of process 1 on table orders, with what a test says about it instead. */
export function lock(differences: Partial<Lock> = {}): Lock {
  return {...LOCK, ...differences};
}

/** A lock that `pid` holds. */
export function held(pid: number, mode = LOCK.mode, differences: Partial<Lock> = {}): Lock {
  return lock({pid, mode, ...differences});
}

/** A lock that `pid` has been waiting for since `waitstart`. */
export function wanted(
  pid: number,
  waitstart: number | null,
  mode = LOCK.mode,
  differences: Partial<Lock> = {},
): Lock {
  return lock({pid, waitstart, mode, granted: false, ...differences});
}

/** A lock that the prepared transaction of this transaction id holds. */
export function heldPrepared(transaction: number, mode = LOCK.mode): Lock {
  return lock({pid: null, mode, virtualtransaction: `-1/${transaction}`});
}

/** What tells the object of a transaction's own lock, which everybody waits for who wants a row it changed. */
export function ofTransaction(transactionid: number): Partial<Lock> {
  return {...NOWHERE, locktype: 'transactionid', transactionid: String(transactionid)};
}

/** What tells the object of an advisory lock. */
export function ofAdvisory(objid: number, classid = 0, objsubid = 1): Partial<Lock> {
  return {...NOWHERE, locktype: 'advisory', database: ORDERS.database, classid, objid, objsubid};
}

/** The wait of `waiter` behind those who hold the lock, and those ahead in the queue. */
export function wait(
  waiter: HolderId,
  hard: readonly HolderId[],
  soft: readonly HolderId[] = [],
  differences: Partial<Wait> = {},
): Wait {
  return {
    waiter,
    pid: waiter,
    lock: wanted(waiter, null),
    hard,
    soft: {line: soft, count: soft.length},
    since: null,
    ...differences,
  };
}
