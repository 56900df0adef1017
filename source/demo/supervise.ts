import {spawn} from 'node:child_process';
import {Socket} from 'node:net';
import type {ServerAccount} from './server-account.ts';
import type {ServerFolder} from './server-folder.ts';
import {SUPERVISOR_SCRIPT} from './supervisor-script.ts';

/** How a server is taken down: as a fast or an immediate shutdown, or by killing the postmaster. */
export type TakeDownMode = 'fast' | 'immediate' | 'crash';

/** The shell that holds a throw-away server; it takes the server and the folder with it when this process ends. */
export type Supervisor = {
  /** True while there is no server: it could not be made or started, was taken down, or ended by itself. */
  hasEnded(): boolean;
  /** Starts the server again after it has ended. */
  bringUp(): void;
  /** Resolves when the server has ended. */
  takeDown(mode: TakeDownMode): Promise<void>;
  /** Stops the server and removes the folder; resolves when both are gone. */
  stop(): Promise<void>;
};

/** Makes a data folder with initdb and starts the server on it. Returns at once. Does not keep this process alive. */
export function supervise(
  folder: ServerFolder,
  account: ServerAccount,
  env: Readonly<Record<string, string>>,
  settings: string,
  initdbArguments: readonly string[],
): Supervisor {
  const words = [
    '-c',
    SUPERVISOR_SCRIPT,
    'pgtop-server',
    folder.path,
    folder.programs,
    settings,
    ...initdbArguments,
  ];
  const shell = spawn('/bin/sh', words, {
    ...account,
    env,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let ended = Promise.withResolvers<void>();
  let hasEnded = false;
  const setEnded = () => {
    hasEnded = true;
    ended.resolve();
  };
  const gone = new Promise<void>(resolve => {
    shell.on('exit', resolve).on('error', resolve);
  });
  void gone.then(setEnded);
  shell.stdout.on('data', setEnded);
  // The shell may be gone already, and everything that can be asked of it is to go.
  shell.stdin.on('error', setEnded);
  shell.unref();
  const pipes = [shell.stdin, shell.stdout].filter(pipe => pipe instanceof Socket);
  for (const pipe of pipes) pipe.unref();

  return {
    hasEnded: () => hasEnded,
    bringUp() {
      ended = Promise.withResolvers();
      hasEnded = false;
      shell.stdin.write('up\n');
    },
    async takeDown(mode) {
      for (const pipe of pipes) pipe.ref();
      shell.stdin.write(`${mode}\n`);
      await ended.promise;
      for (const pipe of pipes) pipe.unref();
    },
    async stop() {
      shell.ref();
      shell.stdin.end();
      await gone;
    },
  };
}
