import type {Backend} from './backend.ts';
import {formatBytes, formatCount, formatDuration} from './format.ts';
import {remembered} from './remembered.ts';
import type {Microseconds} from './timestamp.ts';

/** How far a command is that tells its progress: a row of one of the pg_stat_progress views. */
export type Progress = {
  readonly pid: number;
  /** As the view prints it: `scanning heap`, `building index: scanning table`. */
  readonly phase: string;
  /** What is done of the phase, in its unit; null where the phase does not count. */
  readonly done: number | null;
  /** Null where the server does not know. */
  readonly total: number | null;
  readonly unit: 'blocks' | 'tuples' | 'bytes';
  /** When pgtop first saw it in this phase, and what was done then. */
  readonly since: {readonly at: Microseconds; readonly done: number};
};

const COMMANDS =
  /\b(vacuum|analyze|cluster|reindex|copy|base_backup)\b|\bcreate\s+(unique\s+)?index\b|\balter\s+table\b/i;

/** True when the backend may have something to tell in a progress view: the server need not be asked while nobody has. */
export const mayTellProgress = remembered(
  ({state, backendType, query}: Backend): boolean =>
    state === 'active' && (backendType === 'autovacuum worker' || COMMANDS.test(query)),
);

/** What is done as a share of all, 0 to 1; null where it is not known. */
export function shareDone({done, total}: Progress): number | null {
  return done === null || total === null || total <= 0 ? null : Math.min(1, done / total);
}

/** How long something must have been watched before its rate says anything. */
const LEAST_SECONDS = 3;

/** Units done per second since the phase was first seen; null before that says anything. */
export function progressRate({done, since}: Progress, now: Microseconds): number | null {
  const seconds = (now - since.at) / 1_000_000;
  return done === null || seconds < LEAST_SECONDS || done <= since.done
    ? null
    : (done - since.done) / seconds;
}

/** Milliseconds until the phase is done at its rate; null where that cannot be told. */
export function remainingMs(progress: Progress, now: Microseconds): number | null {
  const rate = progressRate(progress, now);
  const {done, total} = progress;
  if (rate === null || done === null || total === null || total < done) return null;
  return ((total - done) / rate) * 1000;
}

/** For the row: `scanning heap 42%`. */
export function progressText(progress: Progress): string {
  const share = shareDone(progress);
  return share === null ? progress.phase : `${progress.phase} ${Math.floor(share * 100)}%`;
}

/** For inspect: `scanning heap 42%, 1.2k of 3.4k blocks, 12/s, 3m05s left`. */
export function progressInFull(progress: Progress, now: Microseconds): string {
  const {done, total, unit} = progress;
  const amount = (value: number) => (unit === 'bytes' ? formatBytes(value) : formatCount(value));
  const [rate, left] = [progressRate(progress, now), remainingMs(progress, now)];
  return [
    progressText(progress),
    ...(done === null ? [] : [`${amount(done)}${total === null ? '' : ` of ${amount(total)}`} ${unit}`]),
    ...(rate === null ? [] : [`${amount(rate)}/s`]),
    ...(left === null ? [] : [`${formatDuration(left)} left in this phase`]),
  ].join(', ');
}
