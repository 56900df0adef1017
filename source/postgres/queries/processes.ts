/** One row of the statement. No stat: no such process, or no /proc on the server's system. */
export type ProcessRow = readonly [
  pid: string,
  readAt: string,
  stat: string | null,
  status: string | null,
  io: string | null,
];

/** What the kernel tells of processes of the server's machine. $1: their pids. `hasIo` false leaves out what only their owner may read. */
export function processesStatement(hasIo: boolean): string {
  const file = (name: string, bytes: number) =>
    `pg_catalog.pg_read_file(pg_catalog.concat('/proc/', p.pid, '/${name}'), 0, ${bytes}, true)`;
  return /* sql */ `
-- pg_read_file; a superuser, or a member of pg_read_server_files with EXECUTE on it, from PostgreSQL 11 on. Some 50 us a process.
SELECT p.pid, pg_catalog.clock_timestamp(), ${file('stat', 1_024)},
       pg_catalog.substring(${file('status', 4_096)}, 'RssAnon:\\s*\\d+ kB'), ${hasIo ? file('io', 512) : 'NULL'}
  FROM pg_catalog.unnest($1::int4[]) p (pid)`;
}
