/** Lines of postgresql.conf by name. */
export type ServerSettings = Readonly<Record<string, string | number | boolean>>;

/** The settings of a throw-away server: no TCP, and nothing spent on surviving a crash. */
export function throwAwaySettings(socketFolder: string, major: number): ServerSettings {
  return {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    fsync: false,
    synchronous_commit: false,
    full_page_writes: false,
    max_connections: 100,
    max_prepared_transactions: 10,
    max_wal_size: '64MB',
    track_activity_query_size: 4096,
    lc_messages: 'C',
    timezone: 'UTC',
    log_timezone: 'UTC',
    huge_pages: 'off',
    ...(major >= 11 ? {jit: false} : {}),
  };
}

/** Settings as text for postgresql.conf. */
export function settingsText(settings: ServerSettings): string {
  return Object.entries(settings)
    .map(
      ([name, value]) =>
        `${name} = ${quote(typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value))}\n`,
    )
    .join('');
}

/** In postgresql.conf a backslash escapes inside quotes. */
function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
