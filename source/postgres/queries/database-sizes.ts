/** One row of the database statement; `total` is how many databases the server has. */
export type ListedDatabaseRow = readonly [oid: string, name: string, total: string];

/** One row of the size statement; the size is NULL for a database that is gone. */
export type DatabaseSizeRow = readonly [clock: string, bytes: string | null];

/** How many databases are measured at most. */
const DATABASES = 200;

/** The databases there are. */
export const listedDatabasesStatement = /* sql */ `
-- pg_database; any role. Waits behind an ACCESS EXCLUSIVE lock on it, under lock_timeout.
SELECT d.oid, d.datname, pg_catalog.count(*) OVER ()
  FROM pg_catalog.pg_database d ORDER BY d.datname LIMIT ${DATABASES}`;

/** The size of one database. $1: its oid. */
export const databaseSizeStatement = /* sql */ `
-- pg_database_size; CONNECT on the database or pg_read_all_stats. Asks the file system for every file of it: on request only,
-- over a session of its own, a statement for each database under statement_timeout.
SELECT pg_catalog.clock_timestamp(), pg_catalog.pg_database_size($1::oid)`;
