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
  const reader = new AbortController();
  let code = 0;
  process.stdout.on('error', error => {
    if (!('code' in error && error.code === 'EPIPE')) {
      warn(`cannot print: ${error.message}`);
      code = 1;
    }
    reader.abort();
  });
  try {
    for (let isFirst = true; !reader.signal.aborted; isFirst = false) {
      const reading = await collector.collect();
      for (const failure of reading.failures) warn(failure);
      if (reading.failures.length > 0) code = 1;
      await print(format(snapshotOf(reading), isFirst));
      if (watchMs === null) break;
      await sleep(watchMs, undefined, {signal: reader.signal}).catch(() => undefined);
    }
    return code;
  } finally {
    await connection.close();
  }
}

/** Writes a text and a newline, and waits until it is gone or the reader is; nothing for no text. */
function print(text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise(resolve => {
    process.stdout.write(`${text}\n`, () => resolve());
  });
}
