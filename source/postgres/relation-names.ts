import type {Lock} from '../model/lock.ts';
import {catalogKey, relationKey} from '../model/wait-object.ts';
import type {NameCache} from './name-cache.ts';

/** From here on oids are given to what users make; a catalog has the same oid in every database. */
const FIRST_USER_OID = 16_384;

/**
 * What is known of the names of locked relations, and of the catalogs whose rows are locked, by their keys. In another database only a
 * catalog has a name; of other relations that of the database is told. What is not known yet is wanted from now on.
 */
export function relationNames(
  locks: readonly Lock[],
  databaseOid: number,
  names: NameCache,
): readonly (readonly [key: string, name: string])[] {
  const found = new Map<string, string>();
  const wanted = new Set<number>();
  const nameOf = (oid: number) => {
    wanted.add(oid);
    return names.relationName(oid);
  };
  const note = (key: string | null, name: () => string | null) => {
    if (key === null || found.has(key)) return;
    const known = name();
    if (known !== null) found.set(key, known);
  };
  for (const lock of locks) {
    const {database, relation, classid, locktype} = lock;
    if (locktype === 'object' && classid !== null) note(catalogKey(lock), () => nameOf(classid));
    if (relation === null || database === null) continue;
    const isHere = database === databaseOid || database === 0;
    note(relationKey(lock), () => {
      const name = isHere || relation < FIRST_USER_OID ? nameOf(relation) : null;
      return isHere ? name : `${names.databaseName(database)}/${name ?? relation}`;
    });
  }
  names.wantRelations([...wanted]);
  return [...found];
}
