import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
} from 'node:fs';

/** The text of a file under /proc; null where it is gone, or may not be read. */
export function readKernelFile(path: string): string | null {
  return ifAllowed(() => readFileSync(path, 'utf8'));
}

/** A lock file has a few short lines. */
const LOCK_BYTES = 4_096;

/** The begin of a plain file that this account or root owns; null for anything else, and where it may not be read. */
export function readOwnedFile(path: string, owner: number): string | null {
  return ifAllowed(() => {
    // In a folder that all may write to, a pipe would hold the reader up.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const stats = fstatSync(file);
      if (!stats.isFile() || (stats.uid !== owner && stats.uid !== 0)) return null;
      const bytes = Buffer.alloc(LOCK_BYTES);
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  });
}

/** What each link in a folder under /proc leads to; null where the folder is gone, or may not be read. */
export function readKernelLinks(folder: string): readonly string[] | null {
  const names = ifAllowed(() => readdirSync(folder));
  return names?.flatMap(name => ifAllowed(() => readlinkSync(`${folder}/${name}`)) ?? []) ?? null;
}

/** The pids of all processes that this user may see; empty without a process table. */
export function allPids(proc: string): readonly number[] {
  const names = ifAllowed(() => readdirSync(proc)) ?? [];
  return names.filter(name => /^\d+$/.test(name)).map(Number);
}

/** What `read` gives; null where the process has ended meanwhile, its owner keeps it from us, or the system fails otherwise. */
export function ifAllowed<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
