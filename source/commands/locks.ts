import {lockNodeJson, serverJson} from '../model/session-json.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {ageMs, isoTimestamp} from '../model/timestamp.ts';
import {UsageError} from '../model/usage-error.ts';
import {plainTree} from '../state/tree-lines.ts';
import {watchChoice, wordChoice} from './choices.ts';
import type {Arguments} from './parse-arguments.ts';
import {printSnapshots} from './print-snapshots.ts';

/** `pgtop locks`: the lock-wait forest on stdout. Resolves with the exit code. @throws UsageError, ConnectError */
export async function locks(parsed: Arguments, warn: (line: string) => void): Promise<number> {
  const {format, 'max-wait': maxWait} = parsed.values;
  const isJson = wordChoice('format', format, ['table', 'json']) === 'json';
  const watchMs = watchChoice(parsed.values);
  const maxWaitMs = maxWait === undefined ? null : waitChoice(maxWait);
  return await printSnapshots(
    parsed,
    warn,
    watchMs,
    snapshot => (isJson ? jsonText(snapshot, watchMs !== null) : treeText(snapshot)),
    maxWaitMs === null ? null : snapshot => longestWaitMs(snapshot) > maxWaitMs,
  );
}

/** `--max-wait`: seconds, 0 for any wait at all. @throws UsageError */
function waitChoice(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && Number.isFinite(seconds)) return seconds * 1000;
  throw new UsageError(`--max-wait takes a number of seconds, not "${text}"`);
}

/** The longest wait for a lock. Milliseconds; -1 while nobody waits. */
function longestWaitMs({forest, reading}: Snapshot): number {
  return [...forest.nodes.values()].reduce(
    (longest, {wait}) =>
      wait === null ? longest : Math.max(longest, ageMs(reading.collectedAt, wait.since) ?? 0),
    -1,
  );
}

function jsonText(snapshot: Snapshot, isOneLine: boolean): string {
  const {collectedAt, server} = snapshot.reading;
  const document = {
    collected_at: isoTimestamp(collectedAt),
    server: serverJson(server),
    roots: snapshot.forest.roots.map(root => lockNodeJson(root, snapshot)),
  };
  return isOneLine ? JSON.stringify(document) : JSON.stringify(document, null, 2);
}

function treeText(snapshot: Snapshot): string {
  const lines = plainTree(snapshot);
  return lines.length === 0 ? 'nobody waits for a lock' : lines.join('\n');
}
