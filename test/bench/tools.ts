import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';
import type {ThrowAwayServer} from '../../source/demo/throw-away-server.ts';
import {MARK} from './workload.ts';

/** The role that tools connect as, which tells their sessions from those of the workload. */
export const TOOL_ROLE = 'watcher';

/** A monitor that refreshes every second. */
export type Tool = {
  readonly name: string;
  /** The program to look for in PATH. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What its first data have on the screen. */
  readonly mark: string;
  /** Keys of each kind it has, pressed in turn: what moves the cursor, changes the order, shows something else, or types a filter. */
  readonly keys: Readonly<Record<KeyKind, readonly string[]>>;
  /** What to add to the arguments so that the session with the oldest transaction is in sight whatever it runs; null where no query texts are shown. */
  readonly fresh: readonly string[] | null;
};

export const KEY_KINDS = ['move', 'order', 'view', 'type'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

const NO_KEYS: Tool['keys'] = {move: [], order: [], view: [], type: []};

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
      mark: MARK,
      keys: {
        move: ['down', 'up', 'pagedown', 'pageup'],
        order: ['>', '<', 'I', 'I'],
        view: ['2', '1', '#', '#', '#'],
        type: ['/', 'a', 'p', 'backspace', 'backspace', 'escape'],
      },
      fresh: ['--sort', 'time:asc'],
    },
    {
      name: 'pg_activity',
      program: 'pg_activity',
      args: [
        ...['-h', socketFolder, '-p', String(port), '-U', TOOL_ROLE, '-d', database],
        ...['--refresh', '1', '--duration-mode', '2'],
      ],
      env,
      // Eighty columns have no room for the queries.
      mark: 'bench',
      keys: {...NO_KEYS, move: ['down', 'up'], order: ['c', 'm'], view: ['2', '1']},
      fresh: [],
    },
    {
      name: 'pg_top',
      program: 'pg_top',
      args: ['-h', socketFolder, '-p', String(port), '-U', TOOL_ROLE, '-d', database, '-s', '1'],
      env,
      mark: 'postgres: ',
      keys: {...NO_KEYS, view: ['c']},
      fresh: null,
    },
    {
      name: 'psql \\watch',
      program: 'psql',
      args: ['--no-psqlrc', '--pset=pager=off', '--file', `${root}test/bench/watch.sql`],
      env,
      mark: MARK,
      keys: NO_KEYS,
      fresh: [],
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
