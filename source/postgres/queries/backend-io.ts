/** The row of the statement: bytes and numbers of operations, summed up. All null when there is no such backend. */
export type BackendIoRow = readonly [
  readBytes: string | null,
  reads: string | null,
  writeBytes: string | null,
  writes: string | null,
  extendBytes: string | null,
  hits: string | null,
];

/** What a backend has read and written since it began, by the server's own count. $1: pid. */
export const backendIoStatement = /* sql */ `
-- pg_stat_get_backend_io, from PostgreSQL 18 on; any role. Relations and temporary ones, not WAL, which the server counts apart.
SELECT pg_catalog.sum(i.read_bytes), pg_catalog.sum(i.reads), pg_catalog.sum(i.write_bytes), pg_catalog.sum(i.writes),
       pg_catalog.sum(i.extend_bytes), pg_catalog.sum(i.hits)
  FROM pg_catalog.pg_stat_get_backend_io($1::int4) i
 WHERE i.object <> 'wal'`;
