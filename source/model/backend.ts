import type {Microseconds} from './timestamp.ts';

/**
 * One server process: a row of pg_stat_activity (pg_stat_get_activity with the names of role and database looked up).
 * Field names are the catalog's. Null is the server's NULL, which a role without pg_read_all_stats also gets
 * for every column it may not see of another role's session.
 */
export type Backend = {
  /** Who it is as one string, see sessionKey; made with the backend, since every refresh looks up every one by it. */
  readonly key: string;
  readonly pid: number;
  readonly backendStart: Microseconds | null;
  readonly datid: number | null;
  /** Null for a process without a database; the oid as text while its name is not known. */
  readonly datname: string | null;
  readonly usesysid: number | null;
  /** Null for a process without a role; the oid as text while its name is not known. */
  readonly usename: string | null;
  readonly applicationName: string;
  /** Null for a Unix-domain socket, for a background process, and where it may not be seen. */
  readonly clientAddr: string | null;
  readonly clientHostname: string | null;
  /** -1 for a Unix-domain socket. */
  readonly clientPort: number | null;
  readonly backendType: string | null;
  /** Pid of the parallel leader or leader apply worker; null on the leader itself and before PostgreSQL 13. */
  readonly leaderPid: number | null;
  /** `active`, `idle`, `idle in transaction`, … ; unknown ones pass through. */
  readonly state: string | null;
  readonly waitEventType: string | null;
  readonly waitEvent: string | null;
  readonly xactStart: Microseconds | null;
  readonly queryStart: Microseconds | null;
  readonly stateChange: Microseconds | null;
  readonly backendXid: string | null;
  readonly backendXmin: string | null;
  /** Since PostgreSQL 14; text, since it does not fit a JavaScript number. */
  readonly queryId: string | null;
  /** The running or latest query, cut to what a refresh fetches, sanitised and with passwords masked. */
  readonly query: string;
  /** TLS version and cipher of the client's connection; null without TLS and where it may not be seen. */
  readonly tls: string | null;
};

/** Who a session is, for as long as it lives: a pid alone is reused by the operating system. */
export type SessionIdentity = {readonly pid: number; readonly backendStart: Microseconds | null};

/** The identity of a session as one string, for maps and for comparing. */
export function sessionKey({pid, backendStart}: SessionIdentity): string {
  return `${pid}@${backendStart ?? ''}`;
}

/** True when pg_stat_activity hides this session's state, query and ages from the monitoring role. */
export function isHidden(backend: Backend): boolean {
  return backend.backendType === null && backend.backendStart === null;
}

/** True for a session of a client, as opposed to the server's own background processes. A hidden backend with a role counts as one. */
export function isClientBackend(backend: Backend): boolean {
  return backend.backendType === 'client backend' || (isHidden(backend) && backend.usesysid !== null);
}

/** True when the backend waits for a heavyweight lock: wait_event_type is `Lock`. */
export function isWaitingForLock(backend: Backend): boolean {
  return backend.waitEventType === 'Lock';
}

/** True when the backend runs nothing: idle, in a transaction or not. */
export function isIdle({state}: Backend): boolean {
  return state?.startsWith('idle') ?? false;
}

/** True for `idle in transaction`, aborted or not. */
export function isIdleInXact(backend: Backend): boolean {
  return backend.state?.startsWith('idle in transaction') ?? false;
}
