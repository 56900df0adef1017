/** The row of the statement; the start of the server in microseconds. */
export type ServerIdentityRow = readonly [
  startedAt: string,
  systemIdentifier: string | null,
  /** Null over a Unix-domain socket. */
  address: string | null,
];

/** Which server answers: when it started, where it was reached, and with `mayReadControl` whose data it has. */
export function serverIdentityStatement(mayReadControl: boolean): string {
  const systemIdentifier = mayReadControl
    ? '(SELECT c.system_identifier FROM pg_catalog.pg_control_system() c)'
    : 'NULL::int8';
  return /* sql */ `
-- pg_postmaster_start_time, inet_server_addr and pg_control_system, which reads one small file; any role, unless EXECUTE was revoked.
SELECT pg_catalog.round(extract(epoch FROM pg_catalog.pg_postmaster_start_time()) * 1e6)::int8, ${systemIdentifier},
  nullif(pg_catalog.concat_ws(':', pg_catalog.host(pg_catalog.inet_server_addr()), pg_catalog.inet_server_port()), '')`;
}
