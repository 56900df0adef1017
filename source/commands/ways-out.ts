import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';

/** What happens to a program on a terminal from outside. */
export type FromOutside = {
  /** A signal, or the loss of the terminal, ends it; `code` is what a shell reports. */
  readonly onEnd: (code: number) => void;
  /** A mistake of the program that nobody caught. */
  readonly onMistake: (error: unknown) => void;
  /** It is asked to stop, as the terminal's own Ctrl-Z asks. */
  readonly onStop: () => void;
  /** It goes on after a stop that it was not asked for: the terminal may have been used meanwhile. */
  readonly onContinued: () => void;
};

/** 128 and the signal's number, as a shell reports it. */
const EXIT_CODES = {SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143} as const;
/** What a shell reports after Ctrl-C. */
export const INTERRUPTED = EXIT_CODES.SIGINT;
const SIGNALS = Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[];

/** How long a stop takes to happen. Without job control nobody stops, and nobody would ever continue. */
const STOP_MS = 200;

/** Has what ends the program from outside handled instead, until the function that it returns is called. `code` is what a shell reports. */
export function watchSignals(onEnd: (code: number) => void): () => void {
  const onSignal = (signal: keyof typeof EXIT_CODES) => onEnd(EXIT_CODES[signal]);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

/** Watches for what comes from outside until the function that it returns is called. */
export function watchOutside({onEnd, onMistake, onStop, onContinued}: FromOutside): () => void {
  const {stdin, stdout, stderr} = process;
  const stopWatching = watchSignals(onEnd);
  // A terminal that went away can be read and written no more; there is nobody left to tell.
  let isGone = false;
  const onGone = () => {
    isGone = true;
    onEnd(EXIT_CODES.SIGHUP);
  };
  process.on('SIGTSTP', onStop);
  process.on('SIGCONT', onContinued);
  process.on('uncaughtException', onMistake);
  for (const stream of [stdin, stdout, stderr]) stream.on('error', onGone);
  stdin.on('end', onGone);
  return () => {
    // The signal of a hang-up may come after the terminal's end, and would take the exit code with it.
    if (!isGone) stopWatching();
    process.off('SIGTSTP', onStop);
    process.off('SIGCONT', onContinued);
    process.off('uncaughtException', onMistake);
    stdin.off('end', onGone);
    // The streams keep theirs: what is still on its way to a terminal that is gone fails later.
  };
}

/** Stops the process group as the terminal's own Ctrl-Z would, until it is continued; goes on by itself where there is no job control. */
export async function stopUntilContinued(): Promise<void> {
  const listeners = process.listeners('SIGTSTP');
  process.removeAllListeners('SIGTSTP');
  const waiting = new AbortController();
  const continued = once(process, 'SIGCONT', {signal: waiting.signal}).catch(() => undefined);
  process.kill(0, 'SIGTSTP');
  await Promise.race([continued, sleep(STOP_MS)]);
  waiting.abort();
  for (const listener of listeners) process.on('SIGTSTP', listener);
}
