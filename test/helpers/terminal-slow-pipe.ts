import {spawnSync} from 'node:child_process';
import {closeSync, constants, mkdtempSync, openSync, rmSync} from 'node:fs';
import {Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const SET_PIPE_SIZE = 'exit(fcntl(STDIN, 1031, 4096) ? 0 : 1)';

/** A pipe that is read at a chosen pace and holds 4 kB only, so that whoever writes to it soon feels the pace. */
export type SlowPipe = {
  /** The end to write to; give it to a child process, then call `release`. */
  readonly descriptor: number;
  /** Closes this process's copy of the writing end, so that the pipe ends with the child. */
  release(): void;
  /** Changes the pace: bytes per second, 0 to stop reading (half a kB may still pass), Infinity to read as fast as possible. */
  throttle(bytesPerSecond: number): void;
  /** Resolves when the writing end was closed and everything has been read. */
  readonly ended: Promise<void>;
  /** Stops reading for good. */
  destroy(): void;
};

function openFifo(): {readonly reading: number; readonly writing: number} {
  const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
  try {
    const path = join(folder, 'output');
    const made = spawnSync('mkfifo', [path], {encoding: 'utf8'});
    if (made.status !== 0) throw new Error(`mkfifo failed: ${made.error?.message ?? made.stderr}`);
    const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return {reading, writing: openSync(path, constants.O_WRONLY)};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

/** Opens the pipe and hands over what is read from it at the given pace, in bytes per second. */
export function openSlowPipe(bytesPerSecond: number, onBytes: (bytes: Buffer) => void): SlowPipe {
  const {reading, writing} = openFifo();
  const sized = spawnSync('perl', ['-e', SET_PIPE_SIZE], {stdio: [reading, 'ignore', 'ignore']});
  if (sized.status !== 0) throw new Error('The size of a pipe could not be set.');
  let pace = bytesPerSecond;
  let due = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const resume = (): void => {
    clearTimeout(timer);
    if (pace > 0) socket.resume();
  };
  const mayReadOn = (length: number): boolean => {
    onBytes(Buffer.from(buffer.subarray(0, length)));
    due = Math.max(due, performance.now()) + (length / pace) * 1000;
    const wait = due - performance.now();
    if (wait < 1) return true;
    clearTimeout(timer);
    if (pace > 0) timer = setTimeout(resume, wait);
    return false;
  };
  const buffer = Buffer.alloc(512);
  const socket = new Socket({
    fd: reading,
    readable: true,
    writable: false,
    onread: {buffer, callback: mayReadOn},
  });
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()));
  return {
    descriptor: writing,
    release: () => closeSync(writing),
    throttle: newPace => {
      pace = newPace;
      due = performance.now();
      if (pace === 0) socket.pause();
      resume();
    },
    ended,
    destroy: () => {
      clearTimeout(timer);
      socket.destroy();
    },
  };
}
