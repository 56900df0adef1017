import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';
import type {ThrowAwayServer} from '../../source/demo/throw-away-server.ts';

/** The role that tools connect as, which tells their sessions from those of the workload. */
export const TOOL_ROLE = 'watcher';

/** A monitor that refreshes every second. */
export type Tool = {
  readonly name: string;
  /** The program to look for in PATH. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The key that moves its cursor or scrolls; null where nothing moves. */
  readonly moves: readonly [down: string, up: string] | null;
};

const root = new URL('../..', import.meta.url).pathname;

/** pgtop and its peers, as far as they are installed. */
export function toolsOn({socketFolder, port, database}: ThrowAwayServer): readonly Tool[] {
  const env = {PGHOST: socketFolder, PGPORT: String(port), PGUSER: TOOL_ROLE, PGDATABASE: database};
  const tools: readonly Tool[] = [
    {
      name: 'pgtop',
      program: process.execPath,
      args: [`${root}dist/pgtop.js`],
      env: {...env, NODE_ENV: ''},
      moves: ['down', 'up'],
    },
    {
      name: 'pg_activity',
      program: 'pg_activity',
      args: ['-h', socketFolder, '-p', String(port), '-U', TOOL_ROLE, '-d', database, '--refresh', '1'],
      env,
      moves: ['down', 'up'],
    },
    {
      name: 'pg_top',
      program: 'pg_top',
      args: ['-h', socketFolder, '-p', String(port), '-U', TOOL_ROLE, '-d', database, '-s', '1'],
      env,
      moves: null,
    },
    {
      name: 'psql \\watch',
      program: 'psql',
      args: ['--no-psqlrc', '--pset=pager=off', '--file', `${root}test/bench/watch.sql`],
      env,
      moves: null,
    },
  ];
  return tools.filter(({program}) => isInstalled(program));
}

function isInstalled(program: string): boolean {
  const folders = program.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
