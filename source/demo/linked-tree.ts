import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {errorCodeOf} from './error-code.ts';

const READABLE_BY_ALL = 0o004;
const CANNOT_LINK: ReadonlySet<string | null> = new Set([
  'EXDEV',
  'EPERM',
  'EMLINK',
  'ENOTSUP',
  'EOPNOTSUPP',
]);

/**
 * PostgreSQL once more in `folder`, by hard links: the account that runs the server may not look below root's home.
 * Takes no room and no time worth naming; a file is copied only where it cannot be linked, as on another device,
 * or where only its owner may read it. Returns the new folder of the programs.
 */
export function linkTree(programs: string, folder: string): string {
  const home = dirname(programs);
  mkdirSync(folder, {mode: 0o755});
  for (const name of [basename(programs), 'lib', 'share', 'pg-symlinks.json']) {
    if (lstatSync(join(home, name), {throwIfNoEntry: false}) !== undefined)
      linkEntry(join(home, name), join(folder, name));
  }
  return join(folder, basename(programs));
}

function linkEntry(from: string, to: string): void {
  const entry = lstatSync(from);
  if (entry.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (entry.isDirectory()) {
    mkdirSync(to, {mode: 0o755});
    for (const name of readdirSync(from)) linkEntry(join(from, name), join(to, name));
  } else if (entry.isFile()) linkFile(from, to, entry.mode);
}

function linkFile(from: string, to: string, mode: number): void {
  if ((mode & READABLE_BY_ALL) !== 0) {
    try {
      linkSync(from, to);
      return;
    } catch (error) {
      if (!CANNOT_LINK.has(errorCodeOf(error))) throw error;
    }
  }
  copyFileSync(from, to);
  chmodSync(to, (mode & 0o100) === 0 ? 0o644 : 0o755);
}
