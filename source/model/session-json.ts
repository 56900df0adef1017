import type {LockNode} from './lock-forest.ts';
import type {Session} from './session.ts';
import {pidsOf, type Server, type Snapshot} from './snapshot.ts';
import {isoTimestamp, type Microseconds} from './timestamp.ts';
import {relationText} from './wait-object.ts';

const iso = (at: Microseconds | null) => (at === null ? null : isoTimestamp(at));
const seconds = (ms: number | null) => (ms === null ? null : ms / 1000);

/** The server as scripts get it; names are PostgreSQL's own. */
export function serverJson({version, versionNum, host, port, inRecovery, maxConnections}: Server) {
  return {
    version,
    version_num: versionNum,
    host,
    port,
    in_recovery: inRecovery,
    max_connections: maxConnections,
  };
}

/** One session as scripts get it: pg_stat_activity's column names, ages in seconds, times in ISO 8601 on the server's clock, absent values null. */
export function sessionJson(session: Session) {
  const {backend} = session;
  return {
    pid: backend.pid,
    backend_start: iso(backend.backendStart),
    datname: backend.datname,
    usename: backend.usename,
    application_name: backend.applicationName,
    client_addr: backend.clientAddr,
    client_hostname: backend.clientHostname,
    client_port: backend.clientPort,
    backend_type: backend.backendType,
    state: backend.state,
    wait_event_type: backend.waitEventType,
    wait_event: backend.waitEvent,
    xact_start: iso(backend.xactStart),
    query_start: iso(backend.queryStart),
    state_change: iso(backend.stateChange),
    backend_xid: backend.backendXid,
    backend_xmin: backend.backendXmin,
    leader_pid: backend.leaderPid,
    query_id: backend.queryId,
    query: backend.query,
    query_age: seconds(session.queryAgeMs),
    xact_age: seconds(session.xactAgeMs),
    state_age: seconds(session.stateAgeMs),
    session_age: seconds(session.sessionAgeMs),
    blocked_by: session.blockedBy,
    blocks_directly: session.blocksDirectly,
    blocks_in_total: session.blocksInTotal,
  };
}

/** The names of a session's values, in their order. */
export const SESSION_FIELDS: readonly (keyof ReturnType<typeof sessionJson>)[] = [
  'pid',
  'backend_start',
  'datname',
  'usename',
  'application_name',
  'client_addr',
  'client_hostname',
  'client_port',
  'backend_type',
  'state',
  'wait_event_type',
  'wait_event',
  'xact_start',
  'query_start',
  'state_change',
  'backend_xid',
  'backend_xmin',
  'leader_pid',
  'query_id',
  'query',
  'query_age',
  'xact_age',
  'state_age',
  'session_age',
  'blocked_by',
  'blocks_directly',
  'blocks_in_total',
];

/** A node of the lock-wait forest as scripts get it. A prepared transaction has no pid; where a circle closes it is cut and marked. */
export type LockNodeJson = {
  readonly pid: number | null;
  readonly backend_start: string | null;
  readonly usename: string | null;
  readonly datname: string | null;
  readonly application_name: string | null;
  readonly state: string | null;
  readonly query: string | null;
  readonly waiting_for: {
    readonly locktype: string;
    readonly mode: string;
    readonly relation: string | null;
    readonly since: string | null;
  } | null;
  readonly wait_age: number | null;
  readonly blocked_by: readonly number[];
  readonly blocks_in_total: number;
  readonly prepared_gid: string | null;
  readonly cycle?: true;
  readonly repeated?: true;
  readonly waiters: readonly LockNodeJson[];
};

/** A node with everything below it, however deep. */
export function lockNodeJson(root: LockNode, snapshot: Snapshot): LockNodeJson {
  const made = nodeJson(root, snapshot);
  const open = [{node: root, made}];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const node of at.node.waiters) {
      const below = {node, made: nodeJson(node, snapshot)};
      at.made.waiters.push(below.made);
      open.push(below);
    }
  }
  return made;
}

function nodeJson(node: LockNode, snapshot: Snapshot): LockNodeJson & {waiters: LockNodeJson[]} {
  const backend = snapshot.byPid.get(node.id)?.backend;
  const xact = snapshot.preparedXacts.get(node.id);
  const {wait} = node;
  const {collectedAt} = snapshot.reading;
  return {
    pid: node.id < 0 ? null : node.id,
    backend_start: iso(backend?.backendStart ?? null),
    usename: backend?.usename ?? xact?.owner ?? null,
    datname: backend?.datname ?? xact?.database ?? null,
    application_name: backend?.applicationName ?? null,
    state: backend?.state ?? null,
    query: backend?.query ?? null,
    waiting_for:
      wait === null
        ? null
        : {
            locktype: wait.lock.locktype,
            mode: wait.lock.mode,
            relation: relationText(wait.lock, snapshot.relationNames),
            since: iso(wait.since),
          },
    wait_age: wait?.since ? Math.max(0, (collectedAt - wait.since) / 1_000_000) : null,
    blocked_by: pidsOf(node.blockedBy),
    blocks_in_total: node.blocksInTotal,
    prepared_gid: xact?.gid ?? null,
    ...(node.cut === 'cycle' ? {cycle: true as const} : {}),
    ...(node.cut === 'repeated' ? {repeated: true as const} : {}),
    waiters: [],
  };
}
