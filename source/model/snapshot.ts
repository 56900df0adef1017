import type {Backend, SessionIdentity} from './backend.ts';
import type {CatalogLock} from './catalog.ts';
import {type Lock, lockTag, type PreparedXact} from './lock.ts';
import {EMPTY_FOREST, type LockForest, lockForest} from './lock-forest.ts';
import type {MeterReading} from './meter-reading.ts';
import {factsKey, processFacts} from './process-facts.ts';
import {
  PENDING_FIGURES,
  type ProcessFigures,
  type ProcessNeeds,
  type ProcessReading,
  UNKNOWN_FIGURES,
} from './process-figures.ts';
import type {ProcessTable, ServerProcess} from './process-table.ts';
import type {Progress} from './progress.ts';
import {readWaits, type WaitReading} from './read-waits.ts';
import type {Session} from './session.ts';
import type {RoleRights, SignalRights} from './signal-rights.ts';
import {ageMs, type Microseconds} from './timestamp.ts';
import {type HolderId, settleWait, type Wait} from './wait-graph.ts';

/** What protects a connection from being read on its way: nothing that leaves the machine, TLS with its version as in `TLS 1.3`, or nothing at all. */
export type Encryption =
  | {readonly type: 'socket'}
  | {readonly type: 'tls'; readonly version: string; readonly isVerified: boolean}
  | {readonly type: 'plaintext'};

/** Which server it is, whatever name it is reached under. A restart makes it another one: its sessions are all new. */
export type ServerIdentity = {
  /** pg_control_system().system_identifier, which a standby shares with its primary; null where this role may not ask. */
  readonly systemIdentifier: string | null;
  /** pg_postmaster_start_time(). Whoever starts a primary and its standby together may start both in the same microsecond. */
  readonly startedAt: Microseconds;
  /** Where the server itself says it was reached, inet_server_addr() and inet_server_port(): `10.0.0.7:5432`; the folder and the port of a Unix-domain socket; what pgtop connected to where a pooler reached it over one. */
  readonly address: string;
};

/** The server a reading came from. */
export type Server = {
  /** As the server prints it: `18.4`, `15.18 (Debian 15.18-0+deb12u1)`. */
  readonly version: string;
  /** server_version_num: 180004. */
  readonly versionNum: number;
  /** What was connected to: a host name, an address or a socket folder. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** True on a standby: pg_is_in_recovery(). */
  readonly inRecovery: boolean;
  /** Where only the process table of a full server could be read: the clients that fill it. */
  readonly maxConnections: number;
  readonly encryption: Encryption;
  readonly identity: ServerIdentity;
};

/** What one refresh read from the server: plain values only, so that it can be written down and read again. */
export type Reading = {
  /** The server's clock at the reading. */
  readonly collectedAt: Microseconds;
  readonly server: Server;
  /** The monitor's own backend. */
  readonly own: SessionIdentity;
  /** Every process of pg_stat_activity but the monitor's own. */
  readonly backends: readonly Backend[];
  /** Every ungranted lock and the granted ones of the same objects; empty while nobody waits. */
  readonly locks: readonly Lock[];
  /** pg_blocking_pids of the waiters for whom it names others than the locks do. */
  readonly blockingPids: readonly (readonly [pid: number, blockingPids: readonly number[]])[];
  /** When pgtop first saw a wait whose waitstart the server does not tell, by waiting pid. */
  readonly firstSeen: readonly (readonly [pid: number, at: Microseconds])[];
  /** The prepared transactions among the blockers. */
  readonly preparedXacts: readonly PreparedXact[];
  /** Names of the relations that are waited for, by `database/oid`. */
  readonly relationNames: readonly (readonly [relation: string, name: string])[];
  /** How far commands are that tell it; empty where nobody asked. */
  readonly progress: readonly Progress[];
  /** What the server processes take of their machine. */
  readonly processes: ProcessReading;
  /** What the meters are made of. */
  readonly meters: MeterReading;
  /** Catalogs that are locked against everybody. */
  readonly lockedCatalogs: readonly CatalogLock[];
  /** What decides which sessions this role can signal. */
  readonly rights: SignalRights;
  /** The transactions that sessions are in (pg_locks.virtualtransaction). Null when not read: only a role that may signal but not see backend_start needs them. */
  readonly virtualTransactions: readonly (readonly [pid: number, virtualTransaction: string])[] | null;
  /** True when this role may not see the state and query of some other role's session. */
  readonly isPartlyHidden: boolean;
  /** What could not be read this time, in the server's words; empty when everything could. */
  readonly failures: readonly string[];
  /** The processes that the backends were read off, while the server has no slot for a session; null when it told of them itself. */
  readonly processTable: ProcessTable | null;
};

/** What a reading is to hold beyond the sessions and who waits for whom. */
export type ReadingNeeds = {
  readonly meters: boolean;
  readonly progress: boolean;
  /** Null while nobody looks at the figures of processes. */
  readonly processes: ProcessNeeds | null;
};

/** One statistics collection with what follows from it: sessions with their ages and the lock-wait forest. Immutable. */
export type Snapshot = {
  readonly reading: Reading;
  readonly sessions: readonly Session[];
  /** Sessions by pid. */
  readonly byPid: ReadonlyMap<number, Session>;
  readonly forest: LockForest;
  readonly preparedXacts: ReadonlyMap<HolderId, PreparedXact>;
  readonly relationNames: ReadonlyMap<string, string>;
  /** What decides whether a role's sessions can be signalled, by its oid. */
  readonly roleRights: ReadonlyMap<number, RoleRights>;
  /** The transactions that sessions are in, by pid; null when they were not read. */
  readonly virtualTransactions: ReadonlyMap<number, string> | null;
};

const READ = new WeakMap<readonly Lock[], {readonly key: string; readonly waits: WaitReading}>();

/** Who waits for whom as far as the locks tell it. Remembered with the locks: the poll asks for it to see what is in doubt, the snapshot to draw it. */
export function readLockWaits(locks: readonly Lock[], backends: readonly Backend[]): WaitReading {
  const facts = processFacts(backends);
  const key = factsKey(locks, facts);
  const known = READ.get(locks);
  if (known?.key === key) return known.waits;
  const waits = readWaits(locks, facts);
  READ.set(locks, {key, waits});
  return waits;
}

/** The waits of a reading as the server has them, as far as it was asked. */
export function waitsOf(reading: Reading): readonly Wait[] {
  const {waits} = readLockWaits(reading.locks, reading.backends);
  const answers = new Map(reading.blockingPids);
  const firstSeen = new Map(reading.firstSeen);
  const queues = new Map<string, ReadonlySet<HolderId>>();
  const queueOf = (wait: Wait) => {
    const tag = lockTag(wait.lock);
    const queue =
      queues.get(tag) ?? new Set(waits.flatMap(({waiter, lock}) => (lockTag(lock) === tag ? [waiter] : [])));
    queues.set(tag, queue);
    return queue;
  };
  return waits.map(wait => {
    const pids = answers.get(wait.pid);
    const decided = pids === undefined ? wait : settleWait(wait, pids, queueOf(wait));
    return decided.since === null ? {...decided, since: firstSeen.get(wait.pid) ?? null} : decided;
  });
}

type KnownForest = Pick<Reading, 'blockingPids'> & {
  readonly firstSeen: string;
  readonly facts: string;
  readonly forest: LockForest;
};

const FORESTS = new WeakMap<readonly Lock[], KnownForest>();

/** The forest of a reading, the one before again when the same locks, answers and moments led to it. */
function forestOf(reading: Reading): LockForest {
  const {locks, backends, blockingPids} = reading;
  const known = FORESTS.get(locks);
  const facts = factsKey(locks, processFacts(backends));
  const firstSeen = reading.firstSeen.join();
  const isSame =
    known?.blockingPids === blockingPids && known.firstSeen === firstSeen && known.facts === facts;
  if (known !== undefined && isSame) return known.forest;
  const forest = lockForest(waitsOf(reading));
  FORESTS.set(locks, {blockingPids, firstSeen, facts, forest});
  return forest;
}

/** Sessions and lock-wait forest of one reading. */
export function snapshotOf(reading: Reading): Snapshot {
  const forest = reading.locks.length === 0 ? EMPTY_FOREST : forestOf(reading);
  const {groupOf} = processFacts(reading.backends);
  const progress = new Map(reading.progress.map(each => [each.pid, each]));
  const processes = new Map(reading.processTable?.processes.map(each => [each.pid, each]));
  const figures = new Map(reading.processes.figures);
  const unread = reading.processes.whyNot !== null ? UNKNOWN_FIGURES : PENDING_FIGURES;
  const sessions: Session[] = [];
  const byPid = new Map<number, Session>();
  for (const backend of reading.backends) {
    const {pid} = backend;
    const session = sessionOf(
      backend,
      reading,
      forest,
      groupOf(pid).leader,
      progress.get(pid) ?? null,
      processes.get(pid) ?? null,
      figures.get(pid) ?? unread,
    );
    sessions.push(session);
    byPid.set(pid, session);
  }
  return {
    reading,
    sessions,
    byPid,
    forest,
    preparedXacts: new Map(reading.preparedXacts.map(xact => [-Number(xact.transaction), xact])),
    relationNames: new Map(reading.relationNames),
    roleRights: new Map(reading.rights.roles),
    virtualTransactions: reading.virtualTransactions && new Map(reading.virtualTransactions),
  };
}

function sessionOf(
  backend: Backend,
  {collectedAt: now}: Reading,
  forest: LockForest,
  group: HolderId,
  progress: Progress | null,
  serverProcess: ServerProcess | null,
  process: ProcessFigures,
): Session {
  const node = forest.nodes.get(group);
  const isLeader = group === backend.pid;
  return {
    backend,
    key: backend.key,
    queryAgeMs: ageMs(now, backend.queryStart),
    xactAgeMs: ageMs(now, backend.xactStart),
    stateAgeMs: ageMs(now, backend.stateChange),
    sessionAgeMs: ageMs(now, backend.backendStart),
    blockedBy: pidsOf(node?.blockedBy ?? []),
    // What waits behind a parallel query waits behind its leader; the workers would count it again.
    blocksDirectly: isLeader ? (node?.blocksDirectly ?? 0) : 0,
    blocksInTotal: isLeader ? (node?.blocksInTotal ?? 0) : 0,
    progress,
    serverProcess,
    process,
  };
}

/** Holders as pids, a prepared transaction as 0 as in pg_blocking_pids. */
export function pidsOf(ids: readonly HolderId[]): readonly number[] {
  return ids.some(id => id < 0) ? ids.map(id => Math.max(id, 0)) : ids;
}
