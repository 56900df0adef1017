/** One row of the statement, in the order of its columns. */
export type PreparedXactRow = readonly [
  transaction: string,
  gid: string,
  prepared: string | null,
  ownerid: string,
  dbid: string,
];

/** The prepared transactions of the server. */
export const preparedXactsStatement = /* sql */ `
-- pg_prepared_xact, the function under pg_prepared_xacts (which joins pg_authid and pg_database); any role. Asked only
-- when a lock without a process is waited for.
SELECT p.transaction, p.gid, p.prepared, p.ownerid, p.dbid FROM pg_catalog.pg_prepared_xact() p`;
