import type {Lock} from '../model/lock.ts';
import {sanitise} from '../model/sanitise.ts';
import type {LockRow, SessionLockRow} from './queries/locks.ts';
import {numberOrNull, textOrNull, timeOrNull} from './read-column.ts';

/** One row of a lock statement as a lock. */
export function readLock(row: LockRow | SessionLockRow): Lock {
  const [locktype, database, relation, page, tuple, virtualxid, transactionid, classid, objid, objsubid] =
    row;
  const [, , , , , , , , , , virtualtransaction, pid, mode, granted, waitstart] = row;
  return {
    locktype: sanitise(locktype),
    database: numberOrNull(database),
    relation: numberOrNull(relation),
    page: numberOrNull(page),
    tuple: numberOrNull(tuple),
    virtualxid: textOrNull(virtualxid),
    transactionid: textOrNull(transactionid),
    classid: numberOrNull(classid),
    objid: numberOrNull(objid),
    objsubid: numberOrNull(objsubid),
    virtualtransaction: sanitise(virtualtransaction),
    pid: numberOrNull(pid),
    mode: sanitise(mode),
    granted: granted === 't',
    waitstart: timeOrNull(waitstart),
  };
}
