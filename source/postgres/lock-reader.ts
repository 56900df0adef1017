import {type Backend, isHidden, isWaitingForLock} from '../model/backend.ts';
import {type Lock, lockTag} from '../model/lock.ts';
import {sanitise} from '../model/sanitise.ts';
import {lockGroups, type Reading, readLockWaits} from '../model/snapshot.ts';
import {type Microseconds, parseTimestamp} from '../model/timestamp.ts';
import type {Capabilities} from './capabilities.ts';
import type {Connection} from './connection.ts';
import type {NameCache} from './name-cache.ts';
import {type BlockingPidsRow, blockingPidsStatement} from './queries/blocking-pids.ts';
import {type LockRow, waitedForLocksStatement} from './queries/locks.ts';
import {type PreparedXactRow, preparedXactsStatement} from './queries/prepared-xacts.ts';
import {readLock} from './read-lock.ts';
import {sinceVersion} from './sql-version.ts';

/** The part of a reading that says who waits for whom. */
export type LockReading = Pick<
  Reading,
  'locks' | 'blockingPids' | 'firstSeen' | 'preparedXacts' | 'relationNames'
>;

/** Reads who waits for whom. */
export type LockReader = {
  /** What the backends wait for; asks the server nothing while none of them waits for a lock. */
  read(backends: readonly Backend[], collectedAt: Microseconds): Promise<LockReading>;
  /** The same reading with the names that are known by now. */
  named(reading: LockReading): LockReading;
};

/** What a refresh knows when nobody waits. */
export const NO_LOCKS: LockReading = {
  locks: [],
  blockingPids: [],
  firstSeen: [],
  preparedXacts: [],
  relationNames: [],
};

/** Waiters whose place in a queue pg_blocking_pids is asked for in one refresh. */
const REFEREE_BUDGET = 64;

/** A lock reader on a prepared session. It remembers when it first saw each wait. */
export function createLockReader(
  connection: Connection,
  {server, databaseOid}: Capabilities,
  names: NameCache,
): LockReader {
  const waitedForLocks = waitedForLocksStatement(sinceVersion(server.versionNum));
  let firstSeen: ReadonlyMap<string, Microseconds> = new Map();
  let prepared: readonly PreparedXactRow[] = [];

  /** The very same locks while the server tells the same of them: what follows from them need not be worked out again. */
  const keepLocks = keepWhileSame((rows: readonly LockRow[]) => rows.map(readLock));
  const keepAnswers = keepWhileSame((answers: Reading['blockingPids']) => answers);

  /** Who cannot be decided comes first; then, since a queue may have been rearranged, who stands in one at all. */
  const judge = async (locks: readonly Lock[], backends: readonly Backend[]) => {
    const {undecided, contested} = readLockWaits(locks, backends);
    const asked = [...new Set([...undecided, ...contested])].slice(0, REFEREE_BUDGET);
    if (asked.length === 0) return [];
    const rows = await connection.query<BlockingPidsRow>(blockingPidsStatement, [asked]);
    return rows.map(([pid, pids]) => [Number(pid), readPids(pids)] as const);
  };

  /** The wishes with the moment each was first seen. A statement that began later cannot have been waiting then. */
  const noteWishes = (locks: readonly Lock[], backends: readonly Backend[], now: Microseconds) => {
    const queryStarts = new Map(backends.map(({pid, queryStart}) => [pid, queryStart]));
    const keyOf = (wish: Lock) => `${wish.pid} ${queryStarts.get(wish.pid ?? 0)} ${lockTag(wish)}`;
    const wishes = locks.filter(({granted}) => !granted);
    firstSeen = new Map(wishes.map(wish => [keyOf(wish), firstSeen.get(keyOf(wish)) ?? now]));
    return [...firstSeen].map(([key, at]) => [Number.parseInt(key, 10), at] as const);
  };

  const named = (reading: LockReading): LockReading => ({
    ...reading,
    preparedXacts: prepared.map(([transaction, gid, preparedAt, ownerid, dbid]) => ({
      transaction,
      gid: sanitise(gid),
      prepared: preparedAt === null ? null : parseTimestamp(preparedAt),
      owner: names.roleName(Number(ownerid)),
      database: names.databaseName(Number(dbid)),
    })),
    relationNames: relationNames(reading.locks, databaseOid, names),
  });

  return {
    async read(backends, collectedAt) {
      // Who may not see wait events cannot tell from the activity whether anybody waits.
      if (!backends.some(backend => isWaitingForLock(backend) || isHidden(backend))) {
        firstSeen = new Map();
        prepared = [];
        return NO_LOCKS;
      }
      const rows = await connection.query<LockRow>(waitedForLocks, [], {name: 'pgtop_locks'});
      const groupOf = lockGroups(backends);
      const groups = rows.map(row => groupOf(Number(row[PID])));
      const locks = keepLocks(rows, `${rows.join('|')} ${groups.join()}`);
      const answers = await judge(locks, backends);
      const blockingPids = keepAnswers(answers, answers.join('|'));
      const hasPrepared = locks.some(lock => lock.pid === null);
      prepared = hasPrepared ? await connection.query<PreparedXactRow>(preparedXactsStatement) : [];
      return named({...NO_LOCKS, locks, blockingPids, firstSeen: noteWishes(locks, backends, collectedAt)});
    },
    named,
  };
}

/** The place of the pid in a row. */
const PID = 11;

/** Makes a value of what was read, and gives the one made before again while `fingerprint` is the same. */
function keepWhileSame<Read, Made>(make: (read: Read) => Made): (read: Read, fingerprint: string) => Made {
  let kept: {readonly fingerprint: string; readonly made: Made} | null = null;
  return (read, fingerprint) => {
    if (kept?.fingerprint !== fingerprint) kept = {fingerprint, made: make(read)};
    return kept.made;
  };
}

/** The pids of an int4[] as the server prints it: `{4711,0}`. */
function readPids(array: string): readonly number[] {
  return array.slice(1, -1).split(',').filter(Boolean).map(Number);
}

/** The names known of the locked relations; those of the connected database that are not known are wanted from now on. */
function relationNames(
  locks: readonly Lock[],
  databaseOid: number,
  names: NameCache,
): LockReading['relationNames'] {
  const oids = new Set(
    locks.flatMap(({database, relation}) =>
      relation === null || database !== databaseOid ? [] : [relation],
    ),
  );
  names.wantRelations([...oids]);
  return [...oids].flatMap(oid => {
    const name = names.relationName(oid);
    return name === null ? [] : [[`${databaseOid}/${oid}`, name] as const];
  });
}
