import {closeSync, openSync, readSync} from 'node:fs';
import type {ProcessFiles} from '../model/process-sample.ts';
import {ifAllowed} from './read-kernel-file.ts';

const BUFFER = Buffer.alloc(8_192);

/** What /proc tells of a process of this machine; null where it tells nothing. */
export function readProcess(pid: number): ProcessFiles | null {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (stat === null) return null;
  return {stat, status: readProcFile(`/proc/${pid}/status`), io: readProcFile(`/proc/${pid}/io`)};
}

/** The text of a small file under /proc, its first 8 kB; null where there is none that may be read. */
export function readProcFile(path: string): string | null {
  return ifAllowed(() => {
    const file = openSync(path, 'r');
    try {
      return BUFFER.toString('latin1', 0, readSync(file, BUFFER, 0, BUFFER.length, 0));
    } finally {
      closeSync(file);
    }
  });
}
