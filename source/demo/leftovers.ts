import {lstatSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {errorCodeOf} from './error-code.ts';
import {hasEnded, type Owner, processExists, readOwner} from './owner.ts';
import {isListening} from './probe-server.ts';
import {readPlainFile} from './read-plain-file.ts';
import type {ServerAccount} from './server-account.ts';
import {FOLDER_NAME, OWNER_FILE, removeServerFolder, SOCKET_NAME} from './server-folder.ts';

/** A private folder with a readable owner file. */
type Candidate = {readonly path: string; readonly uid: number; readonly gid: number; readonly owner: Owner};

/**
 * Removes the server folders in the temporary folder whose owner was killed together with its supervisor. One is touched only when it is
 * certain that its owner has ended and that its server does not run; it is removed with no more rights than the
 * account it belongs to has, and links in it are not followed. Returns the removed paths.
 */
export async function removeLeftovers(account: ServerAccount, temporary: string): Promise<readonly string[]> {
  const ours = new Set([process.geteuid?.(), account.uid]);
  const candidates = readdirSync(temporary)
    .filter(name => FOLDER_NAME.test(name))
    .map(name => readCandidate(join(temporary, name)))
    .filter(candidate => candidate !== null)
    .filter(({uid, owner}) => ours.has(uid) && hasEnded(owner));
  const removed = await Promise.all(candidates.map(removeUnlessServing));
  return removed.filter(path => path !== null);
}

/** Null for anything that is not a private folder with an owner file, or that is gone by now. */
function readCandidate(path: string): Candidate | null {
  try {
    const entry = lstatSync(path);
    if (!entry.isDirectory() || (entry.mode & 0o077) !== 0) return null;
    const owner = readOwner(readPlainFile(join(path, OWNER_FILE)));
    return owner === null ? null : {path, uid: entry.uid, gid: entry.gid, owner};
  } catch (error) {
    if (UNREADABLE.has(errorCodeOf(error))) return null;
    throw error;
  }
}

const UNREADABLE: ReadonlySet<string | null> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENXIO',
]);

async function removeUnlessServing({path, uid, gid}: Candidate): Promise<string | null> {
  if (serverProcessExists(path) || (await isListening(join(path, SOCKET_NAME)))) return null;
  await removeServerFolder(path, process.geteuid?.() === uid ? {} : {uid, gid});
  return path;
}

function serverProcessExists(path: string): boolean {
  try {
    const pid = Number.parseInt(readPlainFile(join(path, 'data', 'postmaster.pid')), 10);
    return pid > 0 && processExists(pid);
  } catch (error) {
    if (UNREADABLE.has(errorCodeOf(error))) return false;
    throw error;
  }
}
