import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {accessSync, chownSync, constants, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {serverAccount} from '../../source/demo/server-account.ts';
import type {Cluster} from './cluster.ts';
import {waitFor} from './wait-for.ts';

/** The program of PgBouncer, from PATH or where Debian puts it; null where there is none. */
export function pgbouncerProgram(): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map(folder => join(folder, 'pgbouncer')).find(isRunnable) ?? null;
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A PgBouncer in transaction mode that has one session at a server for all its clients. */
export type PgBouncer = {
  readonly socketFolder: string;
  readonly port: number;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
};

/** Starts one in front of a server, with more lines of its settings. It refuses root, and runs as the account that the server runs as; it listens at a Unix-domain socket only. */
export async function startPgbouncer(
  program: string,
  server: Cluster,
  settings: readonly string[] = [],
): Promise<PgBouncer> {
  const account = await serverAccount();
  const folder = mkdtempSync(join(tmpdir(), 'pgtop-pool-'));
  const port = 6432;
  writeFileSync(join(folder, 'users'), `"${server.user}" ""\n`);
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    [
      '[databases]',
      `* = host=${server.socketFolder} port=${server.port}`,
      '[pgbouncer]',
      'pool_mode = transaction',
      'default_pool_size = 1',
      'max_client_conn = 100',
      'listen_addr =',
      `listen_port = ${port}`,
      `unix_socket_dir = ${folder}`,
      'auth_type = trust',
      `auth_file = ${folder}/users`,
      `admin_users = ${server.user}`,
      ...settings,
      '',
    ].join('\n'),
  );
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const kill = () => void child.kill('SIGKILL');
  process.on('exit', kill);
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const through = {socketFolder: folder, port};
  await waitFor('PgBouncer', async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer did not start: ${said}`);
    const session = await server.connect(through).catch(() => null);
    session?.end();
    return session !== null;
  });
  return {
    ...through,
    async stop() {
      kill();
      await ended;
      process.off('exit', kill);
      rmSync(folder, {recursive: true});
    },
  };
}
