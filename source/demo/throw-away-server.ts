import {dirname, join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {DemoError} from './demo-error.ts';
import {errorCodeOf} from './error-code.ts';
import {removeLeftovers} from './leftovers.ts';
import {isReady} from './probe-server.ts';
import {readPlainFile} from './read-plain-file.ts';
import {type ServerAccount, serverAccount} from './server-account.ts';
import {makeServerFolder, removeServerFolder, type ServerFolder, SOCKET_NAME} from './server-folder.ts';
import {type ServerSettings, settingsText, throwAwaySettings} from './server-settings.ts';
import {type ServerVersion, serverVersion} from './server-version.ts';
import {type Supervisor, supervise, type TakeDownMode} from './supervise.ts';

/** What kind of server is wanted. */
export type ThrowAwayOptions = {
  /** The folder of PostgreSQL's programs, as findBinaries gives it. */
  readonly programs: string;
  /** Lines of postgresql.conf, on top of throwAwaySettings. */
  readonly settings?: ServerSettings;
  /** The superuser's name; default `pgtop`. */
  readonly user?: string;
  /** How long initdb and the first start may take together; default 60,000. */
  readonly deadlineMs?: number;
};

/** A real PostgreSQL that lives as long as this process at most. It listens at a Unix-domain socket only, in a folder that only its account may enter, and trusts every role. */
export type ThrowAwayServer = {
  readonly socketFolder: string;
  readonly port: number;
  /** The superuser. */
  readonly user: string;
  readonly database: string;
  /** As in server_version, without a packager's addition. */
  readonly version: string;
  readonly major: number;
  /** Takes the server down and leaves it so; its data stays. */
  takeDown(mode: TakeDownMode): Promise<void>;
  /** Starts the server again after takeDown, and waits until it takes sessions. */
  bringUp(): Promise<void>;
  /** Stops the server and removes everything of it. May be called again. */
  stop(): Promise<void>;
};

const POLL_MS = 15;
const DATABASE = 'postgres';

/**
 * Makes and starts a server that nothing of is left when this process ends, however it ends. Removes what earlier
 * ones left over. @throws DemoError, with the end of the server's log, when it does not come up.
 */
export async function startThrowAwayServer(options: ThrowAwayOptions): Promise<ThrowAwayServer> {
  const {programs, settings = {}, user = 'pgtop', deadlineMs = 60_000} = options;
  const account = await serverAccount();
  const folder = await makeServerFolder(programs, account);
  const env = serverEnvironment(folder);
  const version = await versionOrRemove(folder, account, env);
  const conf = settingsText({...throwAwaySettings(folder.path, version.major), ...settings});
  const supervisor = supervise(folder, account, env, conf, initdbArguments(folder, version, user));
  const ready = (whenEnded: () => void) => untilReady(folder, supervisor, user, deadlineMs, whenEnded);
  try {
    const up = ready(() => {
      throw new DemoError(`PostgreSQL did not start: ${endOfLog(folder)}`);
    });
    await Promise.all([up, removeLeftovers(account, dirname(folder.path))]);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return {
    socketFolder: folder.path,
    port: 5432,
    user,
    database: DATABASE,
    version: version.text,
    major: version.major,
    takeDown: supervisor.takeDown,
    async bringUp() {
      // After a crash the old backends hold the shared memory for a moment longer, and a first start is refused.
      await ready(supervisor.bringUp);
    },
    stop: supervisor.stop,
  };
}

/** Nothing of the user's environment but where programs and libraries are: no PGDATA, no PGPASSWORD, no language. */
function serverEnvironment({libraries}: ServerFolder): Readonly<Record<string, string>> {
  const {PATH = '/usr/bin:/bin', LD_LIBRARY_PATH} = process.env;
  const path = [libraries, LD_LIBRARY_PATH].filter(
    part => part !== null && part !== undefined && part !== '',
  );
  return {PATH, LC_ALL: 'C', ...(path.length === 0 ? {} : {LD_LIBRARY_PATH: path.join(':')})};
}

async function versionOrRemove(
  folder: ServerFolder,
  account: ServerAccount,
  env: Readonly<Record<string, string>>,
): Promise<ServerVersion> {
  try {
    return await serverVersion(folder.programs, account, env);
  } catch (error) {
    await removeServerFolder(folder.path, account);
    throw error;
  }
}

function initdbArguments({path}: ServerFolder, {major}: ServerVersion, user: string): readonly string[] {
  return [
    ...['-D', join(path, 'data'), '-U', user, '-A', 'trust', '-N', '--locale=C', '-E', 'UTF8'],
    ...(major >= 11 ? ['--wal-segsize=1'] : []),
    ...(major >= 18 ? ['--no-data-checksums'] : []),
  ];
}

async function untilReady(
  folder: ServerFolder,
  supervisor: Supervisor,
  user: string,
  deadlineMs: number,
  whenEnded: () => void,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await isReady(join(folder.path, SOCKET_NAME), user, DATABASE))) {
    if (performance.now() > deadline)
      throw new DemoError(`PostgreSQL did not start in time: ${endOfLog(folder)}`);
    if (supervisor.hasEnded()) whenEnded();
    await wait(POLL_MS);
  }
}

/** The last lines of what initdb and the server printed, as one line. */
function endOfLog({path}: ServerFolder): string {
  try {
    const lines = readPlainFile(join(path, 'log'), 2_000).trim().split('\n');
    return lines.slice(-4).join(' / ');
  } catch (error) {
    return `it wrote no log (${errorCodeOf(error) ?? String(error)})`;
  }
}
