import type {Lock} from './lock.ts';

/** `database/oid` of the relation a lock is on: the key of relation names. Null for a lock that is on no relation. */
export function relationKey({database, relation}: Lock): string | null {
  return relation === null ? null : `${database}/${relation}`;
}

/** The key of the name of a catalog that an object lock is on a row of. */
export function catalogKey({classid}: Lock): string {
  return `0/${classid}`;
}

/** A relation by its name where it is known, with its schema unless that is public; `shop/16400` in another database, `16384/16400` while nothing is known. */
export function relationText(lock: Lock, relationNames: ReadonlyMap<string, string>): string | null {
  const key = relationKey(lock);
  return key === null ? null : (relationNames.get(key) ?? key);
}

/** What a lock is on, in words: `orders`, `row (2,7) of orders`, `transaction 812`, `advisory 4711`, `object 16390 of pg_namespace`. */
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
    case 'speculative token':
    case 'spectoken':
      return speculativeToken(lock);
    case 'advisory':
      return `advisory ${advisoryKey(lock)}`;
    default:
      return objectText(lock, relationNames.get(catalogKey(lock)));
  }
}

/** A speculative token. Old servers call it otherwise, and tell its transaction as the database and the token as the class. */
function speculativeToken({database, transactionid, classid, objid}: Lock): string {
  return transactionid === null
    ? `speculative token ${classid} of transaction ${database}`
    : `speculative token ${objid} of transaction ${transactionid}`;
}

/** The key of an advisory lock as the application passed it: one bigint, or two integers. */
function advisoryKey({classid, objid, objsubid}: Lock): string {
  const high = classid ?? 0;
  const low = objid ?? 0;
  if (objsubid === 2) return `(${high | 0}, ${low | 0})`;
  return String(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)));
}

/** A row of a catalog, by the catalog's name where that is known; any other kind of lock by what numbers it has. */
function objectText({locktype, classid, objid, objsubid}: Lock, catalog: string | undefined): string {
  if (locktype === 'object' && catalog !== undefined)
    return `object ${objid} of ${catalog.replace(/^pg_catalog\./, '')}`;
  return `${locktype} ${[classid, objid, objsubid].filter(id => id !== null).join('/')}`.trim();
}
