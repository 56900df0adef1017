import type {Reading} from '../model/snapshot.ts';
import {isoTimestamp, type Microseconds, parseTimestamp} from '../model/timestamp.ts';
import {createBackendReader} from './backend-reader.ts';
import type {Capabilities} from './capabilities.ts';
import type {Connection} from './connection.ts';
import {createLockReader, type LockReading, NO_LOCKS} from './lock-reader.ts';
import type {NameCache} from './name-cache.ts';
import {type ActivityRow, activityStatement, type UnchangedRow} from './queries/activity.ts';
import {type RecoveryRow, recoveryStatement} from './queries/recovery.ts';
import {createQueryTexts} from './query-texts.ts';
import {errorText, isStatementFailure} from './sql-state.ts';
import {sinceVersion} from './sql-version.ts';

/** Reads the server once a refresh. */
export type Collector = {
  /**
   * One reading: one statement while nobody waits for a lock, and at most one more for what changes slowly.
   * @throws what ends the connection, and the error of an activity statement that was refused or ran out of time.
   */
  collect(): Promise<Reading>;
};

/** Bytes of each query's text that a refresh fetches; inspect fetches the whole text of one session. */
const QUERY_BYTES = 1_024;
/** How long after a query's start or a change of state others may still see what was before. */
const MARGIN: Microseconds = 5_000_000;
const RECOVERY_MS = 8_000;

/** A collector on a prepared session. It remembers names and texts for as long as the connection lives. `clockMs` paces what is asked seldom. */
export function createCollector(
  connection: Connection,
  capabilities: Capabilities,
  names: NameCache,
  clockMs: () => number,
): Collector {
  const activity = activityStatement(sinceVersion(capabilities.server.versionNum));
  const reader = createBackendReader(names, createQueryTexts());
  const lockReader = createLockReader(connection, capabilities, names);
  let {server} = capabilities;
  let knownBefore: string | null = null;
  let recoveryAskedAt = clockMs();
  let locks: LockReading = NO_LOCKS;
  let isFirst = true;

  const readActivity = async () => {
    const values = [QUERY_BYTES, knownBefore];
    const rows = await connection.query<ActivityRow | UnchangedRow>(activity, values, {
      name: 'pgtop_activity',
    });
    const own = rows.find(row => row[0] !== null);
    const collectedAt = parseTimestamp(own?.[0] ?? '') ?? clockMs() * 1_000;
    return {collectedAt, rows: rows.filter(row => row !== own)};
  };

  const askRecovery = async () => {
    if (clockMs() - recoveryAskedAt < RECOVERY_MS) return;
    recoveryAskedAt = clockMs();
    const [row] = await connection.query<RecoveryRow>(recoveryStatement);
    server = {...server, inRecovery: row?.[0] === 't'};
  };

  /** At the start all names at once; later one question a refresh, so that no refresh carries more than it must. */
  const fillNames = async () => {
    const hasAsked = await names.fill(isFirst ? 3 : 1, clockMs());
    isFirst = false;
    if (!hasAsked) await askRecovery();
    return hasAsked;
  };

  return {
    async collect() {
      const failures: string[] = [];
      const {collectedAt, rows} = await readActivity();
      let backends = reader.read(rows);
      try {
        locks = await lockReader.read(backends, collectedAt);
      } catch (error) {
        if (!isStatementFailure(error)) throw error;
        // The waits of the refresh before stand until they can be read again: none would be a lie.
        failures.push(`who waits for whom could not be read: ${errorText(error)}`);
      }
      try {
        if (await fillNames()) {
          reader.forgetNames();
          backends = reader.read(rows);
          locks = lockReader.named(locks);
        }
      } catch (error) {
        if (!isStatementFailure(error)) throw error;
        failures.push(errorText(error));
      }
      knownBefore = reader.endRefresh() ? null : isoTimestamp(collectedAt - MARGIN);
      return {
        collectedAt,
        server,
        backends,
        ...locks,
        isPartlyHidden: !capabilities.readsAllStats,
        failures: [...names.failures(), ...failures],
      };
    },
  };
}
