/** Oids of the catalogs that sessions cannot do without; the same on every server. */
export const CATALOGS: ReadonlyMap<number, string> = new Map([
  [1247, 'pg_type'],
  [1249, 'pg_attribute'],
  [1255, 'pg_proc'],
  [1259, 'pg_class'],
  [1260, 'pg_authid'],
  [1261, 'pg_auth_members'],
  [1262, 'pg_database'],
  [1213, 'pg_tablespace'],
  [2610, 'pg_index'],
  [2615, 'pg_namespace'],
  [2617, 'pg_operator'],
  [2964, 'pg_db_role_setting'],
  [3592, 'pg_shseclabel'],
]);

/** A catalog that is locked with ACCESS EXCLUSIVE: whoever needs it waits, new sessions first of all. */
export type CatalogLock = {
  readonly catalog: string;
  /** The holder's pid; null for a prepared transaction. */
  readonly pid: number | null;
};
