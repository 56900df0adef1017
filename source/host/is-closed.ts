import {readFileSync, readlinkSync} from 'node:fs';

/** The bits of the flags of an open file that tell how it may be used, and their value for reading and writing. */
const ACCESS_MODE = 0o3;
const READ_WRITE = 0o2;

/**
 * True when a descriptor leads nowhere because nothing was given to the program there: Node then puts /dev/null in its place, open for
 * reading too, which the redirection of a shell is not. False also where the system does not tell, that is outside of Linux.
 */
export function isClosed(descriptor: number): boolean {
  try {
    if (readlinkSync(`/proc/self/fd/${descriptor}`) !== '/dev/null') return false;
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return (Number.parseInt(flags ?? '', 8) & ACCESS_MODE) === READ_WRITE;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
