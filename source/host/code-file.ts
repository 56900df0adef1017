import {lstatSync, mkdirSync, readFileSync} from 'node:fs';
import {readdir, rename, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import zlib from 'node:zlib';

/** V8's code of one build of the program in one version of Node.js, in a file of the user's own. */
export type CodeFile = {
  /** What an earlier run left; undefined where there is none, or it is damaged. */
  read(): Buffer | undefined;
  /** Leaves code for later runs, in the place of what other builds left. Never rejects: code can always be made again. */
  write(code: Buffer): Promise<void>;
};

const CHECKSUM_BYTES = 4;
/** Bits of a mode that let others in. */
const OTHERS = 0o077;

/** The file of that name in a folder for temporary files. */
export function codeFile(name: string, temporary: string = tmpdir()): CodeFile {
  const user = process.geteuid?.();
  const folder = join(temporary, `pgtop-code-${user}`);
  const file = join(folder, name);

  const isUsable = (): boolean => {
    if ((process.env.NODE_DISABLE_COMPILE_CACHE ?? '') !== '') return false;
    // Whoever could write code into it would have it run by this user.
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === user && (found.mode & OTHERS) === 0;
  };
  const replace = async (code: Buffer): Promise<void> => {
    const unfinished = `${file}.${process.pid}`;
    try {
      await writeFile(unfinished, Buffer.concat([code, checksumOf(code)]), {mode: 0o600});
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, {force: true});
      throw error;
    }
    // Another run may be about to finish the same.
    const others = (await readdir(folder)).filter(found => !found.startsWith(name));
    await Promise.all(others.map(other => rm(join(folder, other))));
  };

  return {
    read() {
      try {
        if (!isUsable()) return;
        const content = readFileSync(file);
        const code = content.subarray(0, -CHECKSUM_BYTES);
        return checksumOf(code).equals(content.subarray(-CHECKSUM_BYTES)) ? code : undefined;
      } catch {
        return;
      }
    },
    async write(code) {
      try {
        mkdirSync(folder, {mode: 0o700});
      } catch {
        // It is there already, or there is no place for it.
      }
      try {
        if (isUsable()) await replace(code);
      } catch {
        // The disk is full, or the folder has just been removed.
      }
    },
  };
}

/** V8 trusts what it is given: damaged code would be the end of the program at every start. */
function checksumOf(code: Buffer): Buffer {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(zlib.crc32(code));
  return checksum;
}
