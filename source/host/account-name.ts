import {readKernelFile} from './read-kernel-file.ts';

/** The name of an account of this machine; null where /etc/passwd has none of this user id. */
export function accountName(uid: number): string | null {
  const lines = readKernelFile('/etc/passwd')?.split('\n') ?? [];
  const [name] = lines.find(line => line.split(':')[2] === String(uid))?.split(':') ?? [];
  return name ?? null;
}
