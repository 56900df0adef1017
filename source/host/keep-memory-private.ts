import {writeFileSync} from 'node:fs';

/** Kernels without the file, containers that forbid it. */
const UNAVAILABLE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'EACCES', 'EPERM', 'EROFS']);

/** Keeps the memory of this process, with the passwords in it, out of a core file; on Linux, elsewhere nothing happens. */
export function keepMemoryPrivate(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (!UNAVAILABLE.has(code)) throw error;
  }
}
