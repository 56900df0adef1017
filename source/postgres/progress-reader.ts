import {type Backend, isWaitingForLock} from '../model/backend.ts';
import {backendsByPid} from '../model/backends-by-pid.ts';
import {isRecent} from '../model/locks-at-rest.ts';
import {mayTellProgress, type Progress} from '../model/progress.ts';
import {type ProgressSeen, sinceBefore} from '../model/progress-seen.ts';
import {sanitise} from '../model/sanitise.ts';
import type {Microseconds} from '../model/timestamp.ts';
import type {Connection} from './connection.ts';
import {type ProgressRow, progressStatement} from './queries/progress.ts';
import {numberOrNull} from './read-column.ts';
import type {Since} from './sql-version.ts';

/** Reads how far commands are. */
export type ProgressReader = {
  /** Progress of the backends that tell any; asks the server nothing while none of them runs such a command, and seldom while they all wait for locks. */
  read(backends: readonly Backend[], collectedAt: Microseconds): Promise<readonly Progress[]>;
};

const NO_PROGRESS: readonly Progress[] = [];
const NO_BACKENDS: readonly Backend[] = [];

/** A reader on a prepared session. It remembers when it first saw each command in its phase. */
export function createProgressReader(connection: Connection, since: Since): ProgressReader {
  const statement = progressStatement(since);
  let seen: ReadonlyMap<string, ProgressSeen> = new Map();
  let latest = {progress: NO_PROGRESS, of: NO_BACKENDS, at: 0};
  // Who is granted one lock may soon wait for the next.
  const stands = (tellers: readonly Backend[], now: Microseconds) =>
    isRecent(latest.at, now) &&
    tellers.length === latest.of.length &&
    tellers.every((teller, index) => teller === latest.of[index] && isWaitingForLock(teller));
  return {
    async read(backends, collectedAt) {
      const tellers = backends.filter(mayTellProgress);
      if (tellers.length === 0) {
        seen = new Map();
        return NO_PROGRESS;
      }
      if (stands(tellers, collectedAt)) return latest.progress;
      const rows = await connection.query<ProgressRow>(statement, [], {name: 'pgtop_progress'});
      const byPid = backendsByPid(backends);
      const next = new Map<string, ProgressSeen>();
      const progress = rows.flatMap(([pid, named, doneText, totalText, unit]): Progress[] => {
        const backend = byPid.get(Number(pid));
        if (backend === undefined || named === null) return [];
        const key = backend.key;
        const [phase, done, total] = [sanitise(named), numberOrNull(doneText), numberOrNull(totalText)];
        const now = {queryStart: backend.queryStart, phase, total, done: done ?? 0};
        const since = sinceBefore(seen.get(key), now) ?? {at: collectedAt, done: now.done};
        next.set(key, {...now, since});
        return [{pid: Number(pid), phase, done, total, unit, since}];
      });
      seen = next;
      latest = {progress, of: tellers, at: collectedAt};
      return progress;
    },
  };
}
