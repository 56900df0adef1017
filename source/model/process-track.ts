import {type Backend, isIdle, type SessionIdentity} from './backend.ts';
import {isRecent} from './locks-at-rest.ts';
import {PENDING_FIGURES, type ProcessFigures, type ProcessNeeds} from './process-figures.ts';
import type {ProcessSample} from './process-sample.ts';
import {TICKS_PER_SECOND} from './process-stat.ts';
import type {Microseconds} from './timestamp.ts';

/** The samples of one process that its rates are made of, oldest first. */
export type ProcessTrack = readonly ProcessSample[];

/** Rates are made over this long at least, in microseconds: in a shorter time a tick would be too much of it. */
const LEAST_SPAN: Microseconds = 900_000;

/** The track with one more sample, without those that its rates need no more. Another process of the same pid begins a new one. */
export function addProcessSample(track: ProcessTrack, newest: ProcessSample): ProcessTrack {
  const own = track.filter(({startTicks, at}) => startTicks === newest.startTicks && at < newest.at);
  const lastOld = own.findLastIndex(({at}) => at <= newest.at - LEAST_SPAN);
  return [...own.slice(Math.max(0, lastOld)), newest];
}

/** The tracks by pid with these samples; those of processes that nobody looks at any more are left out, however rarely the others are read. */
export function trackProcesses(
  tracks: ReadonlyMap<number, ProcessTrack>,
  samples: readonly ProcessSample[],
  {visible, others}: ProcessNeeds,
): ReadonlyMap<number, ProcessTrack> {
  const wanted = new Set([...visible, ...others].map(({pid}) => pid));
  const next = new Map([...tracks].filter(([pid]) => wanted.has(pid)));
  for (const sample of samples) next.set(sample.pid, addProcessSample(next.get(sample.pid) ?? [], sample));
  return next;
}

/** What a process takes by its track: its rates are those between the oldest and the newest sample. */
export function processFigures(track: ProcessTrack, isIoKnown: boolean): ProcessFigures {
  const [from, to] = [track[0], track.at(-1)];
  if (from === undefined || to === undefined) return PENDING_FIGURES;
  const seconds = (to.at - from.at) / 1_000_000;
  const rate = (before: number | null, now: number | null) =>
    before === null || now === null || now < before || seconds <= 0 ? null : (now - before) / seconds;
  const ticks = rate(from.cpuTicks, to.cpuTicks);
  return {
    cpuShare: ticks === null ? null : ticks / TICKS_PER_SECOND,
    memoryBytes: to.memoryBytes ?? undefined,
    readPerSecond: isIoKnown ? rate(from.readBytes, to.readBytes) : undefined,
    writePerSecond: isIoKnown ? rate(from.writeBytes, to.writeBytes) : undefined,
  };
}

/**
 * Whether a backend's process may have done anything since it was read, at `readAt` on the clock of who reads it; undefined for never. The very
 * same backend that is idle sleeps; an invalidation wakes it unseen, for which it is read seldom. Who waits for a lock may have had it, worked and
 * wait for another.
 */
export function mayHaveActed(
  backend: Backend | undefined,
  readAt: Microseconds | undefined,
  now: Microseconds,
): boolean {
  const isAsleep = backend !== undefined && isIdle(backend);
  return !isAsleep || readAt === undefined || !isRecent(readAt, now);
}

/** How many processes are read at most in one refresh for the rows in sight, and how many beside them in turn for those out of sight. */
const MOST_VISIBLE = 100;
const MOST_IN_TURN = 64;

/** The processes to read now: those on screen, and of the others those that were not read for longest. */
export function processesToRead(
  {visible, others}: ProcessNeeds,
  tracks: ReadonlyMap<number, ProcessTrack>,
): readonly number[] {
  const shown = visible.slice(0, MOST_VISIBLE).map(({pid}) => pid);
  const lastRead = ({pid}: SessionIdentity) => tracks.get(pid)?.at(-1)?.at ?? 0;
  const inTurn = others.toSorted((a, b) => lastRead(a) - lastRead(b)).slice(0, MOST_IN_TURN);
  return [...shown, ...inTurn.map(({pid}) => pid)];
}
