import {spawnSync} from 'node:child_process';
import {closeSync, constants, openSync} from 'node:fs';

const SET_SIZE = 'ioctl(STDIN, 0x5414, pack("S4", @ARGV, 0, 0)) or die "cannot set the size: $!"';

/**
 * Sets the size of a pty from outside, upon which the kernel sends SIGWINCH. One ioctl for both numbers: stty(1) sets rows
 * and columns one after the other, and a program may see the size in between.
 */
export function setTerminalSize(device: string, columns: number, rows: number): void {
  const descriptor = openSync(device, constants.O_RDWR | constants.O_NOCTTY);
  try {
    const set = spawnSync('perl', ['-e', SET_SIZE, String(rows), String(columns)], {
      stdio: [descriptor, 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (set.status !== 0) throw new Error(`${device} was not resized: ${set.error?.message ?? set.stderr}`);
  } finally {
    closeSync(descriptor);
  }
}

/** `stty -a` of a terminal; throws when it is gone. */
export function readTerminalSettings(device: string): string {
  const read = spawnSync('stty', ['-F', device, '-a'], {encoding: 'utf8'});
  if (read.status !== 0) throw new Error(`stty -a failed: ${read.error?.message ?? read.stderr}`);
  return read.stdout;
}

/** The single settings in the output of `stty -a`, such as `-echo` or `intr = ^C`; size and speed do not count. */
function settingsIn(text: string): readonly string[] {
  return text
    .split(/;|\n/)
    .map(part => part.trim())
    .filter(part => part !== '' && !/^(speed|rows|columns) /.test(part))
    .flatMap(part => (part.includes(' = ') ? [part] : part.split(/\s+/)));
}

/** What differs between two outputs of `stty -a`, as it is now: `-echo`, `min = 0`; nothing when one of them is missing. */
export function changedSettings(before: string, after: string): readonly string[] {
  if (before === '' || after === '') return [];
  const known = new Set(settingsIn(before));
  return settingsIn(after).filter(setting => !known.has(setting));
}
