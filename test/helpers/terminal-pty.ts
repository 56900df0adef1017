import {type ChildProcess, spawn} from 'node:child_process';
import {constants} from 'node:os';
import {fastOutput, type Output, slowOutput} from './terminal-output.ts';
import {
  followSession,
  type SessionEnd,
  type SessionOptions,
  type SessionStart,
  sessionEnvironment,
  sessionLine,
} from './terminal-session.ts';
import {setTerminalSize} from './terminal-stty.ts';

/** How a program ended; exit code and signal are both null when its job leader was killed, so that nobody knows. */
export type PtyEnd = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** `stty -a` of the pty just after the program; empty when the pty was gone by then. */
  readonly settings: string;
};

/** What to run in the pty, and where its bytes go. */
export type PtyOptions = SessionOptions & {
  readonly cwd: string | undefined;
  /** The pace at which the program's bytes are read; undefined means at once. */
  readonly bytesPerSecond: number | undefined;
  readonly onBytes: (bytes: Buffer) => void;
  readonly onStop: () => void;
};

/** A program in a pseudo-terminal of its own. `pid` is also its process group, `settings` are from before its start. */
export type Pty = SessionStart & {
  write(bytes: string | Uint8Array): void;
  resize(columns: number, rows: number): void;
  throttle(bytesPerSecond: number): void;
  /** Signals the program; throws when it has ended. */
  kill(signal: NodeJS.Signals): void;
  /** Takes the pty away. */
  hangUp(): void;
  /** Resolves when the program has ended and all its bytes were handed over. */
  readonly ended: Promise<PtyEnd>;
  /** Ends the program by SIGHUP, after the time of grace by SIGKILL, and all that was started around it. */
  close(graceMs: number): Promise<void>;
};

/** Terminals that are open: a test process that exits takes them along. */
const openScripts = new Set<ChildProcess>();
process.on('exit', () => {
  for (const script of openScripts) script.kill('SIGKILL');
});

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}

function namedSignal(end: SessionEnd): PtyEnd {
  const names = Object.keys(constants.signals).filter(isSignal);
  return {...end, signal: names.find(name => constants.signals[name] === end.signal) ?? null};
}

function startScript(options: PtyOptions, output: Output): ChildProcess {
  const line = sessionLine(options);
  // A test process that is killed cannot close anything: the kernel then kills script(1), which hangs up.
  const words = ['--pdeathsig', 'KILL', 'script', '--quiet', '--flush', '--command', line, '/dev/null'];
  const script = spawn('setpriv', words, {
    stdio: ['pipe', output.descriptor, 'ignore', 'pipe'],
    env: sessionEnvironment(options),
    ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
  });
  openScripts.add(script);
  script.once('close', () => openScripts.delete(script));
  script.stdin?.on('error', (error: NodeJS.ErrnoException) => {
    // Keys for a terminal that is gone are lost, as they are in life.
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error;
  });
  output.attach(script);
  return script;
}

/** Signals the whole job; that it has ended meanwhile is no error. */
function signalJob(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Starts the program in a pty of the given size. Rejects when the machine lacks script(1), setpriv(1) or perl. */
export async function openPty(options: PtyOptions): Promise<Pty> {
  const {bytesPerSecond, onBytes} = options;
  const output = bytesPerSecond === undefined ? fastOutput(onBytes) : slowOutput(bytesPerSecond, onBytes);
  const script = startScript(options, output);
  const failed = new Promise<never>((_, reject) => script.once('error', reject));
  const closed = new Promise(resolve => script.once('close', resolve));
  const life = followSession(script.stdio[3], options.onStop);
  let isRunning = true;
  const over = life.ended.then(end => {
    isRunning = false;
    return namedSignal(end);
  });
  const hangUp = (): void => {
    script.kill('SIGKILL');
    output.abandon();
  };
  const start = await Promise.race([life.started, failed]).catch(cause => {
    hangUp();
    throw new Error(
      'Nothing was started. Needed: script and setpriv of util-linux, perl, and a folder that exists.',
      {
        cause,
      },
    );
  });
  const {pid, device} = start;
  return {
    ...start,
    write: bytes => {
      script.stdin?.write(bytes);
    },
    resize: (columns, rows) => setTerminalSize(device, columns, rows),
    throttle: output.throttle,
    kill: signal => {
      if (!isRunning) throw new Error(`The program has ended; ${signal} was not sent.`);
      process.kill(pid, signal);
    },
    hangUp,
    ended: Promise.all([over, output.ended]).then(([end]) => end),
    close: async graceMs => {
      const signal = (name: NodeJS.Signals): void => {
        if (isRunning) signalJob(pid, name);
      };
      output.abandon();
      signal('SIGHUP');
      signal('SIGCONT');
      const timer = setTimeout(() => {
        signal('SIGKILL');
        hangUp();
      }, graceMs);
      await Promise.all([over, closed]);
      clearTimeout(timer);
    },
  };
}
