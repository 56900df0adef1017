import {type Backend, isWaitingForLock} from './backend.ts';
import type {ProcessFigures} from './process-figures.ts';
import type {ServerProcess} from './process-table.ts';
import type {Progress} from './progress.ts';

/** A backend with what one snapshot says about it: its ages on the server's clock and its place in the lock-wait forest. */
export type Session = {
  readonly backend: Backend;
  /** Identity as one string, see sessionKey. */
  readonly key: string;
  /** Age of the running query, or of the latest one when none runs. Milliseconds; null before the first query or where hidden. */
  readonly queryAgeMs: number | null;
  /** Age of the open transaction. Milliseconds; null outside a transaction. */
  readonly xactAgeMs: number | null;
  /** Time since the last change of state. Milliseconds. */
  readonly stateAgeMs: number | null;
  /** Time since the backend started. Milliseconds. */
  readonly sessionAgeMs: number | null;
  /** Whom it waits for: a pid, or 0 for a prepared transaction; empty when it waits for nobody. */
  readonly blockedBy: readonly number[];
  /** How many sessions wait for this one itself. */
  readonly blocksDirectly: number;
  /** How many sessions wait behind this one, directly or through others; each counted once. */
  readonly blocksInTotal: number;
  /** How far its command is, where it tells; null otherwise. */
  readonly progress: Progress | null;
  /** What the operating system tells of it; null when the server told of the session itself. */
  readonly serverProcess: ServerProcess | null;
  /** What its process takes of the server's machine. */
  readonly process: ProcessFigures;
};

/** True for a session that waits for a lock: the server says so, or its locks do. */
export function isWaiting({backend, blockedBy}: Session): boolean {
  return blockedBy.length > 0 || isWaitingForLock(backend);
}
