import {type Backend, sessionKey} from './backend.ts';
import type {Lock, PreparedXact} from './lock.ts';
import {EMPTY_FOREST, type LockForest, lockForest} from './lock-forest.ts';
import type {Session} from './session.ts';
import {ageMs, type Microseconds} from './timestamp.ts';
import {
  type HolderId,
  type LockGroupOf,
  readWaits,
  settleWait,
  type Wait,
  type WaitReading,
} from './wait-graph.ts';

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
  readonly maxConnections: number;
};

/** What one refresh read from the server: plain values only, so that it can be written down and read again. */
export type Reading = {
  /** The server's clock at the reading. */
  readonly collectedAt: Microseconds;
  readonly server: Server;
  /** Every process of pg_stat_activity but the monitor's own. */
  readonly backends: readonly Backend[];
  /** Every ungranted lock and the granted ones of the same objects; empty while nobody waits. */
  readonly locks: readonly Lock[];
  /** pg_blocking_pids of the waiters that the locks alone could not decide. */
  readonly blockingPids: readonly (readonly [pid: number, blockingPids: readonly number[]])[];
  /** When pgtop first saw a wait whose waitstart the server does not tell, by waiting pid. */
  readonly firstSeen: readonly (readonly [pid: number, at: Microseconds])[];
  /** The prepared transactions among the blockers. */
  readonly preparedXacts: readonly PreparedXact[];
  /** Names of the relations that are waited for, by `database/oid`. */
  readonly relationNames: readonly (readonly [relation: string, name: string])[];
  /** True when this role may not see the state and query of some other role's session. */
  readonly isPartlyHidden: boolean;
  /** What could not be read this time, in the server's words; empty when everything could. */
  readonly failures: readonly string[];
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
};

/** What parallel workers are called; PostgreSQL 10 calls them as it calls every background worker. */
const WORKERS = new Set(['parallel worker', 'background worker']);

/** Lock groups as pg_stat_activity tells them: a parallel worker belongs to its leader. */
export function lockGroups(backends: readonly Backend[]): LockGroupOf {
  const workers = new Map(
    backends.flatMap(({pid, backendType, leaderPid}) =>
      backendType !== null && WORKERS.has(backendType) ? [[pid, leaderPid ?? undefined] as const] : [],
    ),
  );
  return pid => (workers.has(pid) ? workers.get(pid) : pid);
}

const READ = new WeakMap<readonly Lock[], {readonly groups: string; readonly waits: WaitReading}>();

/** Who waits for whom as far as the locks tell it. Remembered with the locks: the poll asks for it to see what is undecided, the snapshot to draw it. */
export function readLockWaits(locks: readonly Lock[], backends: readonly Backend[]): WaitReading {
  const groupOf = lockGroups(backends);
  const groups = locks.map(({pid}) => (pid === null ? '' : groupOf(pid))).join();
  const known = READ.get(locks);
  if (known?.groups === groups) return known.waits;
  const waits = readWaits(locks, groupOf);
  READ.set(locks, {groups, waits});
  return waits;
}

/** The waits of a reading, each decided as far as the reading goes. */
export function waitsOf(reading: Reading): readonly Wait[] {
  const settled = new Map(reading.blockingPids);
  const firstSeen = new Map(reading.firstSeen);
  return readLockWaits(reading.locks, reading.backends).waits.map(wait => {
    const pids = settled.get(wait.pid);
    const decided = pids === undefined ? wait : settleWait(wait, pids);
    return decided.since === null ? {...decided, since: firstSeen.get(wait.pid) ?? null} : decided;
  });
}

const FORESTS = new WeakMap<readonly Lock[], {readonly reading: Reading; readonly forest: LockForest}>();

/** The forest of a reading, the one before again when the same locks, answers and moments led to it. */
function forestOf(reading: Reading): LockForest {
  const known = FORESTS.get(reading.locks);
  const isSame =
    known?.reading.blockingPids === reading.blockingPids &&
    known.reading.firstSeen.join() === reading.firstSeen.join() &&
    lockGroupsAreSame(known.reading, reading);
  if (known !== undefined && isSame) return known.forest;
  const forest = lockForest(waitsOf(reading));
  FORESTS.set(reading.locks, {reading, forest});
  return forest;
}

/** Whether the processes among the locks belong to the same lock groups in both readings. */
function lockGroupsAreSame(before: Reading, now: Reading): boolean {
  if (before.backends === now.backends) return true;
  const [groupBefore, groupNow] = [lockGroups(before.backends), lockGroups(now.backends)];
  return now.locks.every(({pid}) => pid === null || groupBefore(pid) === groupNow(pid));
}

/** Sessions and lock-wait forest of one reading. */
export function snapshotOf(reading: Reading): Snapshot {
  const forest = reading.locks.length === 0 ? EMPTY_FOREST : forestOf(reading);
  const groupOf = lockGroups(reading.backends);
  const sessions = reading.backends.map(backend =>
    sessionOf(backend, reading.collectedAt, forest, groupOf(backend.pid) ?? backend.pid),
  );
  return {
    reading,
    sessions,
    byPid: new Map(sessions.map(session => [session.backend.pid, session])),
    forest,
    preparedXacts: new Map(reading.preparedXacts.map(xact => [-Number(xact.transaction), xact])),
    relationNames: new Map(reading.relationNames),
  };
}

function sessionOf(backend: Backend, now: Microseconds, forest: LockForest, group: HolderId): Session {
  const node = forest.nodes.get(group);
  const isLeader = group === backend.pid;
  return {
    backend,
    key: sessionKey(backend),
    queryAgeMs: ageMs(now, backend.queryStart),
    xactAgeMs: ageMs(now, backend.xactStart),
    stateAgeMs: ageMs(now, backend.stateChange),
    sessionAgeMs: ageMs(now, backend.backendStart),
    blockedBy: (node?.blockedBy ?? []).map(id => Math.max(id, 0)),
    // What waits behind a parallel query waits behind its leader; the workers would count it again.
    blocksDirectly: isLeader ? (node?.blocksDirectly ?? 0) : 0,
    blocksInTotal: isLeader ? (node?.blocksInTotal ?? 0) : 0,
  };
}
