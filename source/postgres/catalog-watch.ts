import {CATALOGS, type CatalogLock} from '../model/catalog.ts';
import type {Capabilities} from './capabilities.ts';
import type {Connection} from './connection.ts';
import {type CatalogLockRow, catalogLocksStatement} from './queries/catalog-locks.ts';

/** Watches for catalogs that somebody has locked against everybody. */
export type CatalogWatch = {
  /** Asks when it is time to, and tells whether it did. `isUrgent`: something could not be read just now. `mayWait`: another time would be better, unless it is late already. */
  look(isUrgent: boolean, mayWait: boolean): Promise<boolean>;
  /** The locks of the last look. */
  locks(): readonly CatalogLock[];
};

/** Each look lists every lock there is. */
const EVERY_MS = 5_000;
const LOCKED_MS = 500;

/** A watch on a prepared session. Its first look is taken at once: what it needs is then in the session's caches when somebody locks it. */
export function createCatalogWatch(
  connection: Connection,
  {databaseOid}: Capabilities,
  clockMs: () => number,
): CatalogWatch {
  const oids = [...CATALOGS.keys()];
  let askedAt = Number.NEGATIVE_INFINITY;
  let locks: readonly CatalogLock[] = [];
  return {
    async look(isUrgent, mayWait) {
      const everyMs = isUrgent || locks.length > 0 ? LOCKED_MS : EVERY_MS;
      if (clockMs() - askedAt < (mayWait && !isUrgent ? 2 * everyMs : everyMs)) return false;
      askedAt = clockMs();
      const rows = await connection.query<CatalogLockRow>(catalogLocksStatement, [oids, databaseOid], {
        name: 'pgtop_catalogs',
      });
      locks = rows.map(([relation, pid]) => ({
        catalog: CATALOGS.get(Number(relation)) ?? relation,
        pid: pid === null ? null : Number(pid),
      }));
      return true;
    },
    locks: () => locks,
  };
}
