import {spawn} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {DemoError} from './demo-error.ts';

/** The account that runs the server instead of ours; empty unless we are root, which PostgreSQL refuses to run as. */
export type ServerAccount = {readonly uid?: number; readonly gid?: number};

/** `nobody` when we are root, since initdb wants an account with a name; ourselves otherwise. @throws DemoError when there is no nobody. */
export async function serverAccount(): Promise<ServerAccount> {
  if (process.geteuid?.() !== 0) return {};
  const account = accountIn(await readFile('/etc/passwd', 'utf8'), 'nobody');
  if (account !== null) return account;
  throw new DemoError(
    'PostgreSQL refuses to run as root, and there is no account nobody',
    'Run it as an ordinary user.',
  );
}

/** An account by its name in the text of /etc/passwd. */
export function accountIn(passwd: string, name: string): Required<ServerAccount> | null {
  const fields = passwd
    .split('\n')
    .find(line => line.startsWith(`${name}:`))
    ?.split(':');
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) ? {uid, gid} : null;
}

/** True when the account may run the programs in this folder and read what belongs to them. */
export function canRun(account: ServerAccount, programs: string): Promise<boolean> {
  return passes('test -x "$1/initdb" && test -x "$1/postgres" && test -r "$1/postgres"', account, programs);
}

/** True when the account may make folders in this folder and remove them. */
export function canMakeFolders(account: ServerAccount, folder: string): Promise<boolean> {
  return passes('test -w "$1" && test -x "$1"', account, folder);
}

/** Asked by trying as that account, so that every right of every parent counts. What we made for ourselves we can use. */
async function passes(test: string, account: ServerAccount, folder: string): Promise<boolean> {
  if (account.uid === undefined) return true;
  const asked = spawn('/bin/sh', ['-c', test, 'pgtop', folder], {...account, cwd: '/', stdio: 'ignore'});
  return new Promise((resolve, reject) => {
    asked.on('error', reject);
    asked.on('exit', code => resolve(code === 0));
  });
}
