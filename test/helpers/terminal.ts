import {type ByteStream, createByteStream} from './byte-stream.ts';
import {createEmulator, type Emulator} from './terminal-emulator.ts';
import {terminalEnvironment} from './terminal-environment.ts';
import {encodeKey} from './terminal-keys.ts';
import {openPty, type Pty} from './terminal-pty.ts';
import {printScreen, type Screen} from './terminal-screen.ts';
import {changedSettings, readTerminalSettings} from './terminal-stty.ts';
import {createNotifier, firstValue, type Notifier} from './terminal-wait.ts';

/** How long a wait may take unless the test says otherwise, in milliseconds. */
const DEADLINE = 20_000;
/** How long a program may take to end by itself when its terminal is closed, in milliseconds. */
const GRACE = 2000;

/** What to run, and in what kind of terminal. */
export type TerminalOptions = {
  /** The program, looked up in PATH, and its arguments; no shell reads them. */
  readonly command: readonly string[];
  /** Default 80. */
  readonly columns?: number;
  /** Default 24. */
  readonly rows?: number;
  /** Default: this process's folder. */
  readonly cwd?: string;
  /** Changes to `terminalEnvironment()`; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * A slow line: the program's bytes are read at this pace only, and its writes block once some 20 kB are on their way (a pty's
   * buffer, script's and a 4 kB pipe). While they wait, keys wait too. Infinity leaves the pace to a later `throttle`.
   */
  readonly bytesPerSecond?: number;
};

/** What a test waits for: a text or a pattern somewhere on the screen (rows are joined by newlines), or anything else. */
export type Condition = string | RegExp | ((screen: Screen) => boolean);

/** How long a wait may take, in milliseconds. */
export type WaitOptions = {readonly deadlineMs?: number};

/** How a program ended and what it left behind. */
export type ProgramEnd = {
  /** Its exit code; null when a signal killed it. */
  readonly code: number | null;
  /** The signal that killed it; null when it exited by itself, also with a code such as 143. */
  readonly signal: NodeJS.Signals | null;
  /** What it should have put back and did not, in words: `alternate screen`, `hidden cursor`, `stty: -echo -icanon`, … */
  readonly leftovers: readonly string[];
};

/** A program in a terminal, as the person in front of it has it: keys in, screen out. Time stamps are `performance.now()`. */
export type Terminal = {
  /** The program's own process id. */
  readonly pid: number;
  /** The program's side of the pty, such as `/dev/pts/3`. */
  readonly device: string;
  /** When the program was started. */
  readonly startedAt: number;
  /** Everything the program has written so far. */
  readonly bytes: ByteStream;
  /** What was copied to the clipboard by OSC 52, oldest first. */
  readonly clipboard: readonly string[];
  /** `stty -a` of the pty after the program; undefined before its end, and when the pty was gone by then. */
  readonly sttyAfterExit: string | undefined;
  /** Presses keys one after the other (`encodeKey` knows their names) and returns the time stamp. */
  press(...keys: readonly string[]): number;
  /** Types a text as it is and returns the time stamp. */
  type(text: string): number;
  /** Sends raw bytes and returns the time stamp. */
  write(bytes: string | Uint8Array): number;
  /** The screen as far as it has been interpreted; `waitFor` looks at all that has arrived. */
  screen(): Screen;
  /**
   * Resolves with the first screen that meets the condition. It is looked at after every output, but not inside a synchronised
   * update. Rejects, with the screen printed, at the deadline, or as soon as the program has ended without meeting it.
   */
  waitFor(condition: Condition, options?: WaitOptions): Promise<Screen>;
  /** Changes the size of screen and pty; the kernel sends SIGWINCH. */
  resize(columns: number, rows: number): Promise<void>;
  /** Changes the pace of a terminal that was opened with `bytesPerSecond`; 0 stops reading. */
  throttle(bytesPerSecond: number): void;
  /** Keeps back what the terminal answers to questions, as a line does that lags. Keys still come through. */
  holdAnswers(): void;
  /** Hands over what was kept back, and answers at once again. */
  releaseAnswers(): void;
  /** Sends a signal to the program itself; throws when it has ended. */
  kill(signal: NodeJS.Signals): void;
  /** `stty -a` of the pty now; throws when the pty is gone. */
  stty(): string;
  /** Resolves at the program's next stop (Ctrl-Z), or at one that no earlier call told of; `kill('SIGCONT')` lets it go on. */
  stopped(options?: WaitOptions): Promise<void>;
  /** Resolves when the program has ended and its last byte is on the screen; rejects, with the screen printed, at the deadline. */
  exit(options?: WaitOptions): Promise<ProgramEnd>;
  /** Takes the terminal away, as a dropped connection does: SIGHUP, then every read and write fails. */
  hangUp(): void;
  /**
   * Ends whatever still runs: by SIGHUP, so that a program can clean up after itself, and by SIGKILL once the time of grace
   * (default 2,000 ms) is over. To be called always; harmless when called again.
   */
  close(options?: {readonly graceMs?: number}): Promise<void>;
};

function matcherOf(condition: Condition): (screen: Screen) => boolean {
  if (typeof condition === 'function') return condition;
  if (typeof condition === 'string') return screen => screen.text.includes(condition);
  return screen => screen.text.search(condition) !== -1;
}

/** What has happened to the program so far. */
type Life = {end: ProgramEnd | undefined; sttyAfterExit: string | undefined; stops: number};

function wordsFor(end: ProgramEnd | undefined): string {
  if (end === undefined) return 'the program still runs';
  return end.signal === null
    ? `the program exited with ${end.code}`
    : `the program was killed by ${end.signal}`;
}

/** Everything that waits: for the screen, for a stop, for the end. */
function waitsOn(
  emulator: Emulator,
  life: Life,
  changes: Notifier,
): Pick<Terminal, 'waitFor' | 'stopped' | 'exit'> {
  let stopsTold = 0;
  const wait = async <T>(what: string, deadlineMs: number, look: () => T | undefined): Promise<T> => {
    await emulator.flush();
    const isOver = (): boolean => life.end !== undefined;
    const found = await firstValue({look, changes, isOver, deadlineMs});
    if (found !== undefined) return found;
    const when = isOver() ? 'and will not happen any more' : `within ${deadlineMs} ms`;
    const update = emulator.isUpdating() ? ' inside a synchronised update' : '';
    throw new Error(
      `${what} did not happen ${when}; ${wordsFor(life.end)}${update}.\n${printScreen(emulator.screen())}`,
    );
  };
  return {
    waitFor: (condition, {deadlineMs = DEADLINE} = {}) => {
      const matches = matcherOf(condition);
      return wait(String(condition), deadlineMs, () => {
        if (emulator.isUpdating() && life.end === undefined) return undefined;
        const screen = emulator.screen();
        return matches(screen) ? screen : undefined;
      });
    },
    stopped: async ({deadlineMs = DEADLINE} = {}) => {
      await wait('A stop', deadlineMs, () => (life.stops > stopsTold ? true : undefined));
      stopsTold += 1;
    },
    exit: ({deadlineMs = DEADLINE} = {}) => wait("The program's end", deadlineMs, () => life.end),
  };
}

/** Keys, text and raw bytes on their way to the program. */
function inputOf(pty: Pty, emulator: Emulator): Pick<Terminal, 'press' | 'type' | 'write'> {
  const write = (bytes: string | Uint8Array): number => {
    const at = performance.now();
    pty.write(bytes);
    return at;
  };
  return {
    press: (...keys) => write(keys.map(key => encodeKey(key, emulator.isApplicationCursor())).join('')),
    type: write,
    write,
  };
}

/** The terminal's answers on their way to the program, as over a line that may be slow. */
function createAnswers(write: (answer: string) => void) {
  let held: string[] | null = null;
  return {
    send: (answer: string) => (held === null ? write(answer) : void held.push(answer)),
    hold: () => {
      held ??= [];
    },
    release: () => {
      for (const answer of held ?? []) write(answer);
      held = null;
    },
  };
}

/** Starts a program in a terminal. `close` has to be called in the end, whatever happened. */
export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const {command, columns = 80, rows = 24, cwd, env, bytesPerSecond} = options;
  if (command.length === 0) throw new Error('There is no program to run in the terminal.');
  const bytes = createByteStream();
  const changes = createNotifier();
  const life: Life = {end: undefined, sttyAfterExit: undefined, stops: 0};
  const opened = Promise.withResolvers<Pty>();
  const answers = createAnswers(answer => void opened.promise.then(pty => pty.write(answer)));
  const emulator = createEmulator(columns, rows, {
    onAnswer: answer => answers.send(answer),
    onChange: changes.notify,
  });
  const pty = await openPty({
    ...{command, columns, rows, cwd, bytesPerSecond, env: terminalEnvironment(env)},
    onBytes: chunk => {
      bytes.append(chunk);
      emulator.write(chunk);
    },
    onStop: () => {
      life.stops += 1;
      changes.notify();
    },
  });
  const startedAt = performance.now();
  opened.resolve(pty);
  const finished = pty.ended.then(async ({settings, ...end}) => {
    await emulator.flush();
    const changed = changedSettings(pty.settings, settings).map(setting => `stty: ${setting}`);
    life.end = {...end, leftovers: [...(await emulator.leftovers()), ...changed]};
    life.sttyAfterExit = settings === '' ? undefined : settings;
    changes.notify();
  });
  return {
    pid: pty.pid,
    device: pty.device,
    startedAt,
    bytes,
    clipboard: emulator.clipboard,
    get sttyAfterExit() {
      return life.sttyAfterExit;
    },
    ...inputOf(pty, emulator),
    screen: emulator.screen,
    ...waitsOn(emulator, life, changes),
    resize: async (newColumns, newRows) => {
      await emulator.flush();
      emulator.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    throttle: pty.throttle,
    holdAnswers: answers.hold,
    releaseAnswers: answers.release,
    kill: pty.kill,
    stty: () => readTerminalSettings(pty.device),
    hangUp: pty.hangUp,
    close: async ({graceMs = GRACE} = {}) => {
      await pty.close(graceMs);
      await finished;
    },
  };
}
