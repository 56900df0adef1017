import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {DemoError} from './demo-error.ts';
import type {ServerAccount} from './server-account.ts';

/** The version of a server's programs: `18.4` and 18; of `17beta1` 17; of `9.6.24` 9. */
export type ServerVersion = {readonly text: string; readonly major: number};

const OLDEST_MAJOR = 10;

/** What `postgres --version` prints, as `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; null for anything else. */
export function readVersion(printed: string): ServerVersion | null {
  const text = /^postgres \(\D*\) (\d+\S*)/.exec(printed)?.[1];
  return text === undefined ? null : {text, major: Number.parseInt(text, 10)};
}

/** Asks the programs for their version, as the account that will run them. @throws DemoError when they do not run here or are older than 10. */
export async function serverVersion(
  programs: string,
  account: ServerAccount,
  env: Readonly<Record<string, string>>,
): Promise<ServerVersion> {
  const printed = await printedVersion(programs, account, env);
  const version = readVersion(printed);
  if (version !== null && version.major >= OLDEST_MAJOR) return version;
  const found =
    version === null ? `is no PostgreSQL (it says ${printed.trim()})` : `is PostgreSQL ${version.text}`;
  throw new DemoError(
    `${join(programs, 'postgres')} ${found}; the demo needs ${OLDEST_MAJOR} or newer`,
    'Set PGTOP_PG_BIN to the folder of a newer one.',
  );
}

async function printedVersion(
  programs: string,
  account: ServerAccount,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const {stdout} = await promisify(execFile)(join(programs, 'postgres'), ['--version'], {
      ...account,
      env,
      cwd: '/',
    });
    return stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const reason = said || (error instanceof Error ? error.message : String(error));
    throw new DemoError(`${join(programs, 'postgres')} does not run here: ${reason}`, null, {cause: error});
  }
}
