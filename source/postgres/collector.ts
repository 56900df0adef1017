import type {Reading, ReadingNeeds} from '../model/snapshot.ts';
import {isoTimestamp, type Microseconds, parseTimestamp} from '../model/timestamp.ts';
import {createBackendReader} from './backend-reader.ts';
import type {Capabilities} from './capabilities.ts';
import {createCatalogWatch} from './catalog-watch.ts';
import type {Connection} from './connection.ts';
import {createLockReader, type LockReading, NO_LOCKS} from './lock-reader.ts';
import {createMeterReader} from './meter-reader.ts';
import type {NameCache} from './name-cache.ts';
import {createProcessReader} from './process-reader.ts';
import {createProgressReader} from './progress-reader.ts';
import {type ActivityRow, activityStatement, COLUMN, type UnchangedRow} from './queries/activity.ts';
import type {RowBytes} from './row-message.ts';
import {errorText, isStatementFailure} from './sql-state.ts';
import {sinceVersion} from './sql-version.ts';
import {readVirtualTransactions} from './virtual-transactions.ts';

/** Reads the server once a refresh. */
export type Collector = {
  /**
   * One reading: one statement while nobody waits for a lock, and at most one more for what changes slowly. `needs` says
   * what of it somebody will look at; without, it is the sessions and who waits for whom.
   * @throws what ends the connection, and the error of an activity statement that was refused or ran out of time.
   */
  collect(needs?: ReadingNeeds): Promise<Reading>;
};

const SESSIONS_ONLY: ReadingNeeds = {meters: false, progress: false, processes: null};

/** Bytes of each query's text that a refresh fetches; inspect fetches the whole text of one session. */
const QUERY_BYTES = 1_024;
/** For so long meters are not read in a refresh that asks for something else that changes slowly. */
const METERS_WAIT_MS = 1_500;
/** What changes slowly may take this much of a refresh, in milliseconds, before the rest of it waits for the next one. */
const QUICK_MS = 500;
/** The same as a share of the time since the refresh before, where that is more. */
const QUICK_RATIO = 0.2;
/** How long after a query's start or a change of state others may still see what was before. */
const MARGIN: Microseconds = 5_000_000;

/** A collector on a prepared session. It remembers names and texts for as long as the connection lives. `clockMs` paces what is asked seldom. */
export function createCollector(
  connection: Connection,
  capabilities: Capabilities,
  names: NameCache,
  clockMs: () => number,
): Collector {
  const since = sinceVersion(capabilities.server.versionNum);
  const activity = activityStatement(since);
  const meterReader = createMeterReader(connection, since);
  const progressReader = createProgressReader(connection, since);
  const processReader = createProcessReader(connection, capabilities);
  const reader = createBackendReader(names);
  const lockReader = createLockReader(connection, capabilities, names);
  const catalogs = createCatalogWatch(connection, capabilities, clockMs);
  let {server} = capabilities;
  let knownBefore: string | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let metersAtMs = Number.NEGATIVE_INFINITY;
  let hasLooked = false;
  const isStart = () => askedAtMs === Number.NEGATIVE_INFINITY;
  /** The activity read last: the server's clock then, and the local one when it was there. */
  let lastRead: {readonly collectedAt: Microseconds; readonly atMs: number} | null = null;
  let locks: LockReading = NO_LOCKS;
  let progress: Reading['progress'] = [];
  /** The row about the monitor's own session. */
  let own: ActivityRow | UnchangedRow | null = null;
  const ownRow = (): ActivityRow | UnchangedRow | null => own;

  const activityOptions = {
    name: 'pgtop_activity',
    takeUnread: reader.takeUnread,
    take(row: ActivityRow | UnchangedRow, bytes: RowBytes) {
      if (row[COLUMN.clock] === null) reader.take(row, bytes);
      else own = row;
    },
  };
  const readActivity = async () => {
    reader.begin();
    own = null;
    await connection.query<ActivityRow | UnchangedRow>(activity, [QUERY_BYTES, knownBefore], activityOptions);
    const collectedAt = parseTimestamp(ownRow()?.[COLUMN.clock] ?? '') ?? clockMs() * 1_000;
    const inRecovery = ownRow()?.[COLUMN.inRecovery] === 't';
    if (inRecovery !== server.inRecovery) server = {...server, inRecovery};
    return {collectedAt, backends: reader.finish()};
  };

  /** Whether the server's clock was set back, by more than its changes are asked for anew, since the reading before. */
  const isSetBack = (collectedAt: Microseconds, sentAtMs: number) =>
    lastRead !== null && collectedAt - lastRead.collectedAt < (sentAtMs - lastRead.atMs) * 1_000 - MARGIN / 2;

  /**
   * At the start all names at once; later a question for each second that went by, so that a refresh a second carries no more than it must, and no
   * second one where the line or the server is slow. The meters wait for a refresh without one, but not long.
   */
  const askSlowly = async (needs: ReadingNeeds) => {
    const wasStart = isStart();
    const nowMs = clockMs();
    const sinceMs = nowMs - askedAtMs;
    const seconds = Math.round(sinceMs / 1_000);
    askedAtMs = nowMs;
    // Where refreshes are rare all is due at each of them, and has the time.
    const quickMs = wasStart ? QUICK_MS : Math.max(QUICK_MS, sinceMs * QUICK_RATIO);
    const startedAt = performance.now();
    const isQuick = () => performance.now() - startedAt < quickMs;
    const hasAsked = await names.fill(wasStart ? 3 : 1, nowMs);
    for (let more = 1; hasAsked && more < seconds && isQuick(); more++)
      if (!(await names.fill(1, nowMs))) break;
    hasLooked = await catalogs.look(names.failures().length > 0, hasAsked || (hasLooked && needs.meters));
    const isLate = nowMs - metersAtMs >= METERS_WAIT_MS;
    const isMetersTurn = !(hasAsked || hasLooked) || (isLate && isQuick());
    if (needs.meters && !wasStart && isMetersTurn) {
      metersAtMs = nowMs;
      await meterReader.read(nowMs, isQuick);
    }
    return hasAsked;
  };

  return {
    async collect(needs = SESSIONS_ONLY) {
      const failures: string[] = [];
      // Whether the transactions of hidden sessions are to be read is known by this role's rights.
      if (isStart() && !capabilities.readsAllStats) await names.fill(1, clockMs());
      const virtualTransactions = await readVirtualTransactions(connection, capabilities, names);
      const sentAtMs = clockMs();
      let activityNow = await readActivity();
      if (isSetBack(activityNow.collectedAt, sentAtMs)) {
        // What was left out as unchanged was so by the clock from before.
        knownBefore = null;
        activityNow = await readActivity();
      }
      lastRead = {collectedAt: activityNow.collectedAt, atMs: clockMs()};
      const {collectedAt} = activityNow;
      let {backends} = activityNow;
      try {
        locks = await lockReader.read(backends, collectedAt);
      } catch (error) {
        if (!isStatementFailure(error)) throw error;
        // The waits of the refresh before stand until they can be read again: none would be a lie.
        failures.push(`who waits for whom could not be read: ${errorText(error)}`);
      }
      try {
        progress = needs.progress ? await progressReader.read(backends, collectedAt) : [];
      } catch (error) {
        if (!isStatementFailure(error)) throw error;
        failures.push(`progress could not be read: ${errorText(error)}`);
      }
      try {
        if (await askSlowly(needs)) {
          backends = reader.rename();
          locks = lockReader.named(locks);
        }
      } catch (error) {
        if (!isStatementFailure(error)) throw error;
        failures.push(errorText(error));
      }
      knownBefore = reader.isMissingSome() ? null : isoTimestamp(collectedAt - MARGIN);
      return {
        collectedAt,
        server,
        own: capabilities.own,
        backends,
        ...locks,
        progress,
        processes: await processReader.read(needs.processes, clockMs()),
        meters: meterReader.reading(),
        lockedCatalogs: catalogs.locks(),
        virtualTransactions,
        rights: {isSuperuser: capabilities.isSuperuser, roles: names.roleRights()},
        isPartlyHidden: !capabilities.readsAllStats,
        failures: [...names.failures(), ...failures],
        processTable: null,
      };
    },
  };
}
