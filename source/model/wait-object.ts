import type {Lock} from './lock.ts';

/** `database/oid` of the relation a lock is on: the key of relation names. Null for a lock that is on no relation. */
export function relationKey({database, relation}: Lock): string | null {
  return relation === null ? null : `${database}/${relation}`;
}

/** A relation by its name where it is known (the connected database), else `oid` or `database/oid`. */
export function relationText(lock: Lock, relationNames: ReadonlyMap<string, string>): string | null {
  const key = relationKey(lock);
  return key === null ? null : (relationNames.get(key) ?? key);
}

/** What a lock is on, in words: `orders`, `row (2,7) of orders`, `transaction 812`, `advisory 4711`. */
export function waitObject(lock: Lock, relationNames: ReadonlyMap<string, string>): string {
  const relation = relationText(lock, relationNames);
  switch (lock.locktype) {
    case 'relation':
      return relation ?? '';
    case 'extend':
      return `extension of ${relation}`;
    case 'page':
      return `page ${lock.page} of ${relation}`;
    case 'tuple':
      return `row (${lock.page},${lock.tuple}) of ${relation}`;
    case 'transactionid':
      return `transaction ${lock.transactionid}`;
    case 'virtualxid':
      return `virtual transaction ${lock.virtualxid}`;
    case 'advisory':
      return `advisory ${advisoryKey(lock)}`;
    default:
      return `${lock.locktype} ${[lock.classid, lock.objid, lock.objsubid].filter(id => id !== null).join('/')}`.trim();
  }
}

/** The key of an advisory lock as the application passed it: one bigint, or two integers. */
function advisoryKey({classid, objid, objsubid}: Lock): string {
  const high = classid ?? 0;
  const low = objid ?? 0;
  if (objsubid === 2) return `(${high | 0}, ${low | 0})`;
  return String(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)));
}
