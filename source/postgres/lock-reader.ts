import type {Backend} from '../model/backend.ts';
import {backendsByPid} from '../model/backends-by-pid.ts';
import {isWish, type Lock, lockTag} from '../model/lock.ts';
import {areStillAtRest, type Involved, involvedAtRest, isRecent, mayWait} from '../model/locks-at-rest.ts';
import {sanitise} from '../model/sanitise.ts';
import type {Reading} from '../model/snapshot.ts';
import {type Microseconds, parseTimestamp} from '../model/timestamp.ts';
import type {Capabilities} from './capabilities.ts';
import type {Connection} from './connection.ts';
import type {NameCache} from './name-cache.ts';
import {type LockRow, waitedForLocksStatement} from './queries/locks.ts';
import {type PreparedXactRow, preparedXactsStatement} from './queries/prepared-xacts.ts';
import {readLock} from './read-lock.ts';
import {createReferee} from './referee.ts';
import {relationNames} from './relation-names.ts';
import {sinceVersion} from './sql-version.ts';

/** The part of a reading that says who waits for whom. */
export type LockReading = Pick<
  Reading,
  'locks' | 'blockingPids' | 'firstSeen' | 'preparedXacts' | 'relationNames'
>;

/** Reads who waits for whom. */
export type LockReader = {
  /** What the backends wait for; asks the server nothing while none of them waits for a lock, and seldom while nobody involved does anything. */
  read(backends: readonly Backend[], collectedAt: Microseconds): Promise<LockReading>;
  /** The same reading with the names that are known by now; it stands as the one before did. */
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

/** The latest reading, when its locks were read, and who has a part in it; null where somebody may act unseen. */
type Latest = {readonly reading: LockReading; readonly involved: Involved | null; readonly at: Microseconds};

/** A lock reader on a prepared session. It remembers when it first saw each wait. */
export function createLockReader(
  connection: Connection,
  {server, databaseOid}: Capabilities,
  names: NameCache,
): LockReader {
  const waitedForLocks = waitedForLocksStatement(sinceVersion(server.versionNum));
  const hasWaitstart = server.versionNum >= 140000;
  const referee = createReferee(connection);
  let firstSeen: ReadonlyMap<string, Microseconds> = new Map();
  let prepared: readonly PreparedXactRow[] = [];
  let isWarm = false;
  let latest: Latest | null = null;

  /** The very same locks while the server tells the same of them: what follows from them need not be worked out again. */
  const keepLocks = keepWhileSame((rows: readonly LockRow[]) => rows.map(readLock));
  const keepAnswers = keepWhileSame((answers: Reading['blockingPids']) => answers);

  /** The wishes without a waitstart with the moment each was first seen. A statement that began later cannot have been waiting then. */
  const noteWishes = (locks: readonly Lock[], backends: readonly Backend[], now: Microseconds) => {
    const wishes = locks.filter(isUntimedWish);
    if (wishes.length === 0 && firstSeen.size === 0) return [];
    const byPid = backendsByPid(backends);
    const keyOf = (wish: Lock) => `${wish.pid} ${byPid.get(wish.pid ?? 0)?.queryStart} ${lockTag(wish)}`;
    firstSeen = new Map(wishes.map(wish => [keyOf(wish), firstSeen.get(keyOf(wish)) ?? now]));
    return [...firstSeen].map(([key, at]) => [Number.parseInt(key, 10), at] as const);
  };

  const readLocks = async () => {
    const rows = await connection.query<LockRow>(waitedForLocks, [], {name: 'pgtop_locks'});
    return keepLocks(rows, rows.join('|'));
  };

  /** The latest reading while nobody involved in it has acted. */
  const atRest = (backends: readonly Backend[]): Latest | null =>
    latest?.involved && areStillAtRest(latest.involved, backends) ? latest : null;

  const named = (reading: LockReading): LockReading => ({
    ...reading,
    preparedXacts: prepared.map(([transaction, gid, preparedAt, ownerid, dbid]) => ({
      transaction,
      gid: sanitise(gid),
      prepared: preparedAt === null ? null : parseTimestamp(preparedAt),
      owner: names.roleName(Number(ownerid)),
      database: names.databaseName(Number(dbid)),
    })),
    relationNames: relationNames(reading.locks.filter(isWish), databaseOid, names),
  });

  return {
    async read(backends, collectedAt) {
      // Who may not see wait events cannot tell from the activity whether anybody waits.
      const isWanted = backends.some(mayWait);
      // Asked once in any case: what the statement needs may be what everybody waits for later.
      if (!isWanted && isWarm) {
        firstSeen = new Map();
        prepared = [];
        latest = null;
        return NO_LOCKS;
      }
      // Not for ever: the server may rearrange a queue, and a function that catches a lock timeout waits again without a trace.
      const before = atRest(backends);
      const standing = before !== null && isRecent(before.at, collectedAt) ? before : null;
      if (standing !== null && referee.hasAskedAll()) return standing.reading;
      isWarm = true;
      const locks = standing?.reading.locks ?? (await readLocks());
      const answers = await referee.judge(locks, backends, before === null);
      const blockingPids = keepAnswers(answers, answers.join('|'));
      const hasPrepared = locks.some(isOfPrepared);
      prepared = hasPrepared ? await connection.query<PreparedXactRow>(preparedXactsStatement) : [];
      const untimed = noteWishes(locks, backends, collectedAt);
      const reading = named({...NO_LOCKS, locks, blockingPids, firstSeen: untimed});
      // The server tells the start of a wait a moment after it began.
      const isWhole = !(hasWaitstart && untimed.length > 0);
      const involved = standing?.involved ?? (isWhole ? involvedAtRest(locks, backends) : null);
      latest = {reading, involved, at: standing?.at ?? collectedAt};
      return reading;
    },
    named(reading) {
      const renamed = named(reading);
      if (latest?.reading === reading) latest = {...latest, reading: renamed};
      return renamed;
    },
  };
}

function isUntimedWish(lock: Lock): boolean {
  return isWish(lock) && lock.waitstart === null;
}

function isOfPrepared({pid}: Lock): boolean {
  return pid === null;
}

/** Makes a value of what was read, and gives the one made before again while `fingerprint` is the same. */
function keepWhileSame<Read, Made>(make: (read: Read) => Made): (read: Read, fingerprint: string) => Made {
  let kept: {readonly fingerprint: string; readonly made: Made} | null = null;
  return (read, fingerprint) => {
    if (kept?.fingerprint !== fingerprint) kept = {fingerprint, made: make(read)};
    return kept.made;
  };
}
