import {accessSync, constants, readdirSync, realpathSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {errorCodeOf} from './error-code.ts';

/** What the search for PostgreSQL's programs asks the computer; passed in, so that the order of the search is a table. */
export type Machine = {
  readonly platform: string;
  readonly arch: string;
  /** False on Linux without GNU's C library, where the builds from npm do not run. */
  readonly isGlibc: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The file of the running program. */
  readonly programFile: string;
  /** The names in a folder; none when it cannot be read. */
  readonly list: (folder: string) => readonly string[];
  /** The real path of a program that may be run, links followed; null when there is none. */
  readonly program: (path: string) => string | null;
};

/** The computer pgtop runs on. `programFile` is where the search for the checkout's own builds begins. */
export function thisMachine(programFile: string): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    isGlibc: process.platform !== 'linux' || hasGlibc(),
    env: process.env,
    home: homedir(),
    programFile,
    list,
    program,
  };
}

function hasGlibc(): boolean {
  const report: {header?: {glibcVersionRuntime?: string}} = process.report.getReport();
  return report.header?.glibcVersionRuntime !== undefined;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    return missing(error, []);
  }
}

function program(path: string): string | null {
  try {
    const real = realpathSync(path);
    accessSync(real, constants.X_OK);
    return statSync(real).isFile() ? real : null;
  } catch (error) {
    return missing(error, null);
  }
}

const MISSING: ReadonlySet<string | null> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENAMETOOLONG',
]);

/** A place that is not there or not ours to look into is a place without PostgreSQL. */
function missing<T>(error: unknown, nothing: T): T {
  if (MISSING.has(errorCodeOf(error))) return nothing;
  throw error;
}
