import type {ChildProcess} from 'node:child_process';
import {openSlowPipe} from './terminal-slow-pipe.ts';

/** The way from the pty to the test: what to give script(1) as its standard output, and how it is read. */
export type Output = {
  readonly descriptor: number | 'pipe';
  /** To be called as soon as script(1) runs. */
  attach(script: ChildProcess): void;
  throttle(bytesPerSecond: number): void;
  /** Resolves when everything has been read, or nothing will be any more. */
  readonly ended: Promise<void>;
  /** Gives up what has not been read yet. */
  abandon(): void;
};

/** Reads as fast as bytes come. */
export function fastOutput(onBytes: (bytes: Buffer) => void): Output {
  const ended = Promise.withResolvers<void>();
  return {
    descriptor: 'pipe',
    attach: ({stdout}) => {
      stdout?.on('data', onBytes);
      stdout?.once('close', () => ended.resolve());
    },
    throttle: () => {
      throw new Error(
        'Only a terminal that was opened with bytesPerSecond (Infinity will do) can be throttled.',
      );
    },
    ended: ended.promise,
    abandon: () => ended.resolve(),
  };
}

/** Reads at a pace that can be changed, through a small pipe. */
export function slowOutput(bytesPerSecond: number, onBytes: (bytes: Buffer) => void): Output {
  const pipe = openSlowPipe(bytesPerSecond, onBytes);
  return {
    descriptor: pipe.descriptor,
    attach: () => pipe.release(),
    throttle: pipe.throttle,
    ended: pipe.ended,
    abandon: pipe.destroy,
  };
}
