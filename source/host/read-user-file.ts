import {readFileSync, type Stats, statSync} from 'node:fs';

/** What a path leads to, links followed. `text` is undefined when it may not be read, and for anything but a plain file. */
export type FoundFile = {
  readonly kind: 'file' | 'socket' | 'other';
  /** Permission bits, without those for the file's kind. */
  readonly mode: number;
  readonly ownerId: number;
  readonly text: string | undefined;
};

const NOTHING_THERE: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENAMETOOLONG',
]);
const UNREADABLE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'EACCES', 'EPERM']);

/**
 * A small file of the user, as UTF-8 text; null when nothing is there or the way to it is barred. A pipe or device is
 * never opened, since reading it might wait without end. @throws the system's error for anything else, as a failing disk
 */
export function readUserFile(path: string): FoundFile | null {
  const stats = attempt(() => statSync(path), NOTHING_THERE);
  if (stats === null) return null;
  const kind = kindOf(stats);
  const text = kind === 'file' ? attempt(() => readFileSync(path, 'utf8'), UNREADABLE) : null;
  return {kind, mode: stats.mode & 0o7777, ownerId: stats.uid, text: text ?? undefined};
}

function kindOf(stats: Stats): FoundFile['kind'] {
  if (stats.isFile()) return 'file';
  return stats.isSocket() ? 'socket' : 'other';
}

function attempt<T>(read: () => T, expected: ReadonlySet<string | undefined>): T | null {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (expected.has(code)) return null;
    throw error;
  }
}
