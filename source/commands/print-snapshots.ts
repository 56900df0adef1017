import {setTimeout as sleep} from 'node:timers/promises';
import {type Snapshot, snapshotOf} from '../model/snapshot.ts';
import {prepareMonitoring} from '../postgres/poller.ts';
import {connectorFor} from './connect.ts';
import type {Arguments} from './parse-arguments.ts';

/**
 * Takes one snapshot, or one every `watchMs`, and prints what `format` makes of it. Resolves with the exit code; a reader that
 * went away ends it without a word. @throws UsageError, ConnectError, and what ends the connection
 */
export async function printSnapshots(
  parsed: Arguments,
  warn: (line: string) => void,
  watchMs: number | null,
  format: (snapshot: Snapshot, isFirst: boolean) => string,
): Promise<number> {
  const connector = connectorFor(parsed, warn);
  const {connection, collector} = await prepareMonitoring(() => connector.open());
  let isReaderGone = false;
  process.stdout.on('error', error => {
    isReaderGone = true;
    if ('code' in error && error.code !== 'EPIPE') warn(`cannot print: ${error.message}`);
  });
  try {
    for (let isFirst = true; !isReaderGone; isFirst = false) {
      const reading = await collector.collect();
      for (const failure of reading.failures) warn(failure);
      process.stdout.write(`${format(snapshotOf(reading), isFirst)}\n`);
      if (watchMs === null) break;
      await sleep(watchMs);
    }
    return 0;
  } finally {
    await connection.close();
  }
}
