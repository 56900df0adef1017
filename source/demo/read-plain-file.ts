import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';

/**
 * The last `maxBytes` of a file that another account may have put there: does not follow a link, nor wait for a
 * pipe. Empty for anything but a plain file. @throws when the file is missing, a link (ELOOP), or not readable.
 */
export function readPlainFile(path: string, maxBytes = 1024): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) return '';
    const bytes = Buffer.alloc(maxBytes);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, maxBytes, Math.max(0, status.size - maxBytes)));
  } finally {
    closeSync(file);
  }
}
