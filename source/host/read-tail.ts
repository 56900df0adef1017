import {closeSync, fstatSync, openSync, readSync} from 'node:fs';

/** How much of the end of a file is read at most. */
const TAIL_BYTES = 400_000;

/** The last lines of a file, oldest first, whole ones only; null when there is no plain file that may be read. */
export function readTail(path: string): readonly string[] | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return null;
    const bytes = Buffer.alloc(Math.min(TAIL_BYTES, stats.size));
    readSync(file, bytes, 0, bytes.length, stats.size - bytes.length);
    const lines = bytes.toString('utf8').split('\n');
    // Unless all of the file was read, the first line lacks its begin; the last one has not been finished.
    return lines.slice(bytes.length < stats.size ? 1 : 0, -1).filter(line => line !== '');
  } finally {
    closeSync(file);
  }
}
