import {type ChildProcess, type ChildProcessByStdio, execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import type {Readable} from 'node:stream';
import {text} from 'node:stream/consumers';
import {promisify} from 'node:util';
import type {Cluster} from '../helpers/cluster.ts';

const root = new URL('../..', import.meta.url).pathname;
/** The built program. */
export const PROGRAM = `${root}dist/pgtop.js`;

/** How the program ended, and everything it printed. */
export type Ran = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Builds the program where nobody has yet. */
export async function buildIfMissing(): Promise<void> {
  if (!existsSync(PROGRAM)) await promisify(execFile)(process.execPath, ['.build.mjs'], {cwd: root});
}

/** The environment of a user who has set nothing but where the server is. */
export function environmentOf(cluster: Cluster): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    PGHOST: cluster.socketFolder,
    PGPORT: String(cluster.port),
    PGUSER: cluster.user,
    PGDATABASE: cluster.database,
    PGAPPNAME: 'scripted pgtop',
  };
}

/** Starts the program without a terminal. */
export function spawnPgtop(
  cluster: Cluster,
  words: readonly string[],
  env: Record<string, string> = {},
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [PROGRAM, ...words], {
    env: {...environmentOf(cluster), ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the program to its end with its output going into a file that is open. */
export async function runPgtopInto(cluster: Cluster, words: readonly string[], file: number): Promise<Ran> {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    env: environmentOf(cluster),
    stdio: ['ignore', file, 'pipe'],
  });
  const ended = endOf(child);
  const stderr = child.stderr === null ? '' : await text(child.stderr);
  return {...(await ended), stdout: '', stderr};
}

/** Runs the program to its end. */
export async function runPgtop(
  cluster: Cluster,
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const child = spawnPgtop(cluster, words, env);
  const ended = endOf(child);
  const [stdout, stderr, {code, signal}] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return {code, signal, stdout, stderr};
}

/** Resolves when the program has ended and all it printed has arrived. */
export async function endOf(child: ChildProcess): Promise<Pick<Ran, 'code' | 'signal'>> {
  const [code, signal] = await once(child, 'close');
  return {code, signal};
}
