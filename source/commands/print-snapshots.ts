import {setTimeout as sleep} from 'node:timers/promises';
import {isClosed} from '../host/is-closed.ts';
import {versionNote} from '../model/diagnosis.ts';
import {type Snapshot, snapshotOf} from '../model/snapshot.ts';
import {type PreparedSession, prepareMonitoring} from '../postgres/prepare-monitoring.ts';
import {connectorFor} from './connect.ts';
import type {Arguments} from './parse-arguments.ts';
import {print} from './print.ts';
import {createSteadyReader, type SteadyReader} from './steady-reader.ts';

/** The exit code of what a script was to be warned of. */
const ALARM = 4;

const STDOUT = 1;

/**
 * Takes one snapshot, or one every `watchMs` for as long as the server can be reached again, and prints what `format` makes of it. Resolves with the exit code; a reader that
 * went away ends it without a word. Nobody can read from a stdout that is closed: watching ends at once then. A snapshot that is an alarm is the last, and the code is then ALARM. @throws UsageError, ConnectError, and what ends the connection
 */
export async function printSnapshots(
  parsed: Arguments,
  warn: (line: string) => void,
  watchMs: number | null,
  format: (snapshot: Snapshot, isFirst: boolean) => string,
  isAlarm: ((snapshot: Snapshot) => boolean) | null = null,
): Promise<number> {
  // Whoever watches for an alarm waits for the exit code, not for what is printed.
  if (watchMs !== null && isAlarm === null && isClosed(STDOUT)) {
    warn('cannot print: stdout is closed');
    return 1;
  }
  const connector = connectorFor(parsed, warn);
  const first = await prepareMonitoring(() => connector.open());
  const note = versionNote(first.capabilities.server);
  if (note !== null) warn(note);
  const reader = new AbortController();
  let code = 0;
  process.stdout.on('error', () => reader.abort());
  const source =
    watchMs === null
      ? readOnce(first)
      : createSteadyReader(first, () => connector.open(), watchMs, reader.signal, warn);
  try {
    for (let isFirst = true; !reader.signal.aborted; isFirst = false) {
      const read = await source.read();
      if (read === null) break;
      const {reading, isLate} = read;
      for (const failure of reading.failures) warn(failure);
      if (isLate || reading.failures.length > 0) code = 1;
      const snapshot = snapshotOf(reading);
      await print(format(snapshot, isFirst));
      if (isAlarm?.(snapshot)) return ALARM;
      if (watchMs === null) break;
      await sleep(watchMs, undefined, {signal: reader.signal}).catch(() => undefined);
    }
    return code;
  } finally {
    await source.close();
  }
}

/** What fails is the end of it. */
function readOnce({connection, collector}: PreparedSession): SteadyReader {
  return {
    read: async () => ({reading: await collector.collect(), isLate: false}),
    close: () => connection.close(),
  };
}
