import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {readTail} from './read-tail.ts';

/** A file to which lines are added for good. Several processes may add to it at once. */
export type AuditLog = {
  /** Where it is; null when none is kept. */
  readonly path: string | null;
  /** Adds a line; `isFlushed` has it on disk when this returns. @returns why that failed, in the system's words; null when it did not. */
  append(line: string, isFlushed: boolean): string | null;
  /** Why a line could not be added now; null when one could. */
  problem(): string | null;
  /** The last lines, oldest first; those of this process only where no file is kept or it cannot be read. */
  recent(): readonly string[];
};

/** Size from which on a file is put aside under the name of the moment, and a new one begun. */
const ROTATE_BYTES = 10_000_000;
/** How many lines of its own a process remembers. */
const REMEMBERED = 500;

/** Where the audit log is unless the user says otherwise: `${XDG_STATE_HOME:-~/.local/state}/pgtop/audit.jsonl`. */
export function defaultAuditPath(environment: NodeJS.ProcessEnv, homeFolder: string): string {
  // The specification wants a relative path to be ignored.
  const state = environment.XDG_STATE_HOME?.startsWith('/') ? environment.XDG_STATE_HOME : null;
  return join(state ?? join(homeFolder, '.local', 'state'), 'pgtop', 'audit.jsonl');
}

/** The log in this file; null keeps none. Nothing is opened before the first line. */
export function openAuditLog(path: string | null, rotateBytes = ROTATE_BYTES): AuditLog {
  const own: string[] = [];
  const attempt = (action: (path: string) => void): string | null => {
    if (path === null) return null;
    try {
      action(path);
      return null;
    } catch (error) {
      if (error instanceof Error && 'code' in error) return error.message;
      throw error;
    }
  };
  return {
    path,
    append(line, isFlushed) {
      own.push(line);
      if (own.length > REMEMBERED) own.shift();
      return attempt(file => {
        rotate(file, rotateBytes);
        appendLine(file, line, isFlushed);
      });
    },
    problem: () => attempt(file => closeSync(openForAppending(file))),
    recent: () => (path === null ? null : readTail(path)) ?? own,
  };
}

/** The folder is made where it is missing; others may read neither it nor the file. */
function openForAppending(path: string): number {
  makeFolder(dirname(path));
  return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
}

/** Makes a folder and those above it. Node.js by itself tries for ever where a system says that what a folder is to be made in is not there, as /proc does. */
function makeFolder(path: string): void {
  const above = dirname(path);
  // The folder that everything relative is in may be one that nobody may look at.
  if (above === path || existsSync(path)) return;
  makeFolder(above);
  try {
    mkdirSync(path, {mode: 0o700});
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function appendLine(path: string, line: string, isFlushed: boolean): void {
  const file = openForAppending(path);
  try {
    // One write of an appending file is never mixed with another process's. A line that a full disk cut stays a line of its own; where
    // another process is just writing, an empty line may come of it.
    const bytes = Buffer.from(`${endsInNewline(file) ? '' : '\n'}${line}\n`);
    const written = writeSync(file, bytes);
    if (written < bytes.length)
      throw Object.assign(new Error(`${path}: only a part of the line was written`), {code: 'ENOSPC'});
    if (isFlushed && fstatSync(file).isFile()) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function endsInNewline(file: number): boolean {
  const stats = fstatSync(file);
  const last = Buffer.alloc(1);
  if (!stats.isFile() || stats.size === 0) return true;
  return readSync(file, last, 0, 1, stats.size - 1) === 0 || last[0] === 0x0a;
}

/** Tells two files apart that one process puts aside within a millisecond. */
let rotations = 0;

/**
 * Puts a full file aside. When two processes do so at once, the second puts a new, nearly empty file aside too: under a name of
 * its own, so that no line is lost; who has opened the file by then adds to the old one.
 */
function rotate(path: string, rotateBytes: number): void {
  const stats = statSync(path, {throwIfNoEntry: false});
  if (stats === undefined || !stats.isFile() || stats.size < rotateBytes) return;
  const stamp = new Date().toISOString().replace(/[-:]/g, '');
  try {
    rotations += 1;
    renameSync(path, `${path.replace(/\.jsonl$/, '')}-${stamp}-${process.pid}-${rotations}.jsonl`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
