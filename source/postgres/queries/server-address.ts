/** The row of the statement; both null for a session at a socket. */
export type ServerAddressRow = readonly [address: string | null, port: string | null];

/** Where the server was reached, which behind a pooler is not where the client went. */
export const serverAddressStatement = /* sql */ `
-- inet_server_addr and inet_server_port; any role, reads no catalog.
SELECT pg_catalog.host(pg_catalog.inet_server_addr()), pg_catalog.inet_server_port()`;
