import {execFile} from 'node:child_process';
import {chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {makeLibraryFolder, missingLibraryLinks} from './library-links.ts';
import {linkTree} from './linked-tree.ts';
import {ownerText, thisProcess} from './owner.ts';
import {canMakeFolders, canRun, type ServerAccount} from './server-account.ts';

/** The name of the file in a server folder that says whose it is. */
export const OWNER_FILE = 'owner';

/** The name of the socket in a server folder: PostgreSQL's own, with the port that only names it. */
export const SOCKET_NAME = '.s.PGSQL.5432';

/** What the names of server folders look like: the prefix and mkdtemp's six characters. */
export const FOLDER_NAME = /^pgtop-[A-Za-z0-9]{6}$/;

/** A folder with everything of one throw-away server: data, socket, log, and the programs where ours cannot be used as they lie. */
export type ServerFolder = {
  readonly path: string;
  /** The folder with initdb and postgres that the server's account can run. */
  readonly programs: string;
  /** For LD_LIBRARY_PATH; null when the programs find their libraries by themselves. */
  readonly libraries: string | null;
};

/** The longest path of a Unix-domain socket that every system takes, in bytes. */
const LONGEST_SOCKET_PATH = 103;

/**
 * Where server folders are made: the temporary folder, or /tmp where that one's name is too long for a socket or
 * where the server's account may not work in it, as in a temporary folder of root's own.
 */
export async function temporaryFolder(account: ServerAccount, folder: string = tmpdir()): Promise<string> {
  const socket = join(folder, 'pgtop-XXXXXX', SOCKET_NAME);
  const isUsable =
    Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH && (await canMakeFolders(account, folder));
  return isUsable ? folder : '/tmp';
}

/**
 * Makes the folder, mode 0700 and owned by the server's account. Everything that we write into it, we write before
 * it changes hands: afterwards its owner could lead us astray with links.
 */
export async function makeServerFolder(programs: string, account: ServerAccount): Promise<ServerFolder> {
  const [isReachable, temporary] = await Promise.all([canRun(account, programs), temporaryFolder(account)]);
  const path = mkdtempSync(join(temporary, 'pgtop-'));
  try {
    writeFileSync(join(path, OWNER_FILE), ownerText(thisProcess()), {flag: 'wx', mode: 0o644});
    const usable = isReachable ? programs : linkTree(programs, join(path, 'pg'));
    const libraries = libraryFolder(dirname(usable), join(path, 'lib'));
    if (account.uid !== undefined && account.gid !== undefined) giveFolders(path, account.uid, account.gid);
    return {path, programs: usable, libraries};
  } catch (error) {
    rmSync(path, {recursive: true, force: true});
    throw error;
  }
}

/** Removes a server folder with no more rights than its account has. Links in it are not followed. */
export async function removeServerFolder(path: string, account: ServerAccount): Promise<void> {
  await promisify(execFile)('rm', ['-rf', '--', path], {...account, cwd: '/'});
}

function libraryFolder(home: string, folder: string): string | null {
  const links = missingLibraryLinks(home);
  if (links.length === 0) return null;
  makeLibraryFolder(home, links, folder);
  return folder;
}

/** The folders only, innermost first: a hard-linked file given away would be given away where it came from as well. */
function giveFolders(path: string, uid: number, gid: number): void {
  for (const entry of readdirSync(path, {withFileTypes: true})) {
    if (entry.isDirectory()) giveFolders(join(path, entry.name), uid, gid);
  }
  chownSync(path, uid, gid);
}
