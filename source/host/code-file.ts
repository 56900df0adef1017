import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
// Not by its name: Node.js before 22.2 has no crc32, and keeps no code then.
import zlib from 'node:zlib';

/** V8's code of one build of the program in one version of Node.js, in a file of the user's own. */
export type CodeFile = {
  /** What an earlier run left; undefined where there is none, or it is damaged. */
  read(): Buffer | undefined;
  /** Leaves what `make` gives for later runs, where there is a place for it. Never throws: code can always be made again. */
  write(make: () => Buffer): void;
};

/**
 * Keeps V8's code of what has run for the next start, if that is worth it. Never throws. To be called before V8 is told how to go
 * on: it takes code only where it was told the same as when that was made.
 */
export type KeepCode = () => void;

const CHECKSUM_BYTES = 4;
/** What other builds left is removed after this time: until then another version may be in use beside this one. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** The file of that name in a folder for temporary files. */
export function codeFile(name: string, temporary: string = tmpdir()): CodeFile {
  const user = process.geteuid?.();
  const folder = join(temporary, `pgtop-code-${user}`);
  const file = join(folder, name);
  const isWanted = (process.env.NODE_DISABLE_COMPILE_CACHE ?? '') === '';

  // Whoever could put code there would have it run by this user.
  const isOwn = (): boolean => {
    const found = lstatSync(folder);
    return (
      found.isDirectory() &&
      found.uid === user &&
      !isOpen(found) &&
      keepsNames(statSync(temporary), found.uid)
    );
  };
  const replace = (code: Buffer) => {
    const unfinished = `${file}.${process.pid}`;
    try {
      writeFileSync(unfinished, Buffer.concat([code, checksumOf(code)]), {mode: 0o600});
      renameSync(unfinished, file);
    } finally {
      rmSync(unfinished, {force: true});
    }
  };
  const removeOld = () => {
    for (const other of readdirSync(folder).filter(found => found !== name)) {
      const path = join(folder, other);
      if (Date.now() - lstatSync(path).mtimeMs > KEPT_MS) rmSync(path);
    }
  };

  return {
    read() {
      try {
        if (!isWanted || !isOwn()) return;
        const content = readFileSync(file);
        const code = content.subarray(0, -CHECKSUM_BYTES);
        return checksumOf(code).equals(content.subarray(-CHECKSUM_BYTES)) ? code : undefined;
      } catch {
        return;
      }
    },
    write(make) {
      try {
        if (!isWanted) return;
        if (!existsSync(folder)) mkdirSync(folder, {mode: 0o700});
        if (!isOwn()) return;
        replace(make());
        removeOld();
      } catch {
        // There is no place for it, or the disk is full.
      }
    },
  };
}

/** True where others than its owner may look or write. */
function isOpen({mode}: Stats): boolean {
  return (mode & 0o077) !== 0;
}

/** True for a folder in which nobody but this user and root can put something else in the place of what this user has in it. */
function keepsNames({uid, mode}: Stats, user: number): boolean {
  const isSticky = (mode & 0o1000) !== 0;
  return (uid === 0 || uid === user) && ((mode & 0o022) === 0 || isSticky);
}

/** V8 trusts what it is given: damaged code would be the end of the program at every start. */
function checksumOf(code: Buffer): Buffer {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(zlib.crc32(code));
  return checksum;
}
