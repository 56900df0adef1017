/** One row of the relation statement. */
export type RelationRow = readonly [oid: string, name: string];

/** One row of the role statement: whether it is a superuser, and whether the monitoring role has its privileges. */
export type RoleRow = readonly [oid: string, name: string, isSuperuser: string, isOwn: string];

/** One row of the database statement; `encoding` as pg_encoding_to_char prints it. */
export type DatabaseRow = readonly [oid: string, name: string, encoding: string];

/** Names of roles, and what decides whether their sessions can be signalled. $1: their oids. */
export const roleNamesStatement = /* sql */ `
-- pg_roles; any role. Waits behind an ACCESS EXCLUSIVE lock on pg_authid, hence apart from the poll and under lock_timeout.
-- USAGE, not MEMBER: a member without INHERIT may not signal.
SELECT r.oid, r.rolname, r.rolsuper, pg_catalog.pg_has_role(r.oid, 'USAGE') FROM pg_catalog.pg_roles r WHERE r.oid = ANY ($1::oid[])`;

/** Names and encodings of databases. $1: their oids. */
export const databaseNamesStatement = /* sql */ `
-- pg_database; any role. Waits behind an ACCESS EXCLUSIVE lock on pg_database, hence apart from the poll and under lock_timeout.
SELECT d.oid, d.datname, pg_catalog.pg_encoding_to_char(d.encoding)
  FROM pg_catalog.pg_database d WHERE d.oid = ANY ($1::oid[])`;

/** Names of relations of the connected database, with their schema unless it is public. $1: their oids. */
export const relationNamesStatement = /* sql */ `
-- pg_class and pg_namespace of the connected database; any role. A relation that its transaction has not committed yet has no row.
SELECT c.oid,
       CASE WHEN n.nspname = 'public' THEN '' ELSE pg_catalog.concat(n.nspname, '.') END || c.relname
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = ANY ($1::oid[])`;
