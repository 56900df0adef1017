import {middle} from './middle.ts';

/** What one refresh cost, and how often there is one. */
export type PollCost = {
  /** From its first question to its last answer, in milliseconds. */
  readonly durationMs: number;
  /** The server's part of that: the way there and back and waits for locks left out. */
  readonly workMs: number;
  /** Bytes on the line, in both directions. */
  readonly bytes: number;
  /** Milliseconds between the starts of two refreshes where the wanted interval is too short for their work; null where it is not. */
  readonly slowedMs: number | null;
};

/** What this process took of its own machine. */
export type OwnUsage = {
  /** Processor time of all its threads since the refresh before, as a share of one core. */
  readonly cpuRatio: number;
  /** Resident memory, in bytes. */
  readonly residentBytes: number;
};

/** What the monitor itself costs, the server and its own machine. */
export type RefreshCost = PollCost & OwnUsage;

/** The share of the time that a server may be at work for the monitor. */
const MOST_WORK_RATIO = 0.1;
/** What is less than this apart is not worth another interval. */
const STEP_MS = 100;
/** Rarer refreshes would not show an incident any more, whatever they cost. */
const LONGEST_MS = 10_000;

/** How many refreshes tell what one costs: of five the middle one, so that a single dear one changes nothing. */
export const JUDGED_REFRESHES = 5;
/** Fewer tell nothing: the first one reads all names. */
const LEAST_REFRESHES = 3;

/** Milliseconds between two refreshes that leave the server nine tenths of its time, given the work of the latest ones; null when the wanted interval does. */
export function slowedIntervalMs(wantedMs: number, worksMs: readonly number[]): number | null {
  if (worksMs.length < LEAST_REFRESHES) return null;
  const workMs = middle(worksMs);
  if (workMs <= wantedMs * MOST_WORK_RATIO) return null;
  const slowedMs = Math.min(Math.ceil(workMs / MOST_WORK_RATIO / STEP_MS) * STEP_MS, LONGEST_MS);
  return slowedMs > wantedMs ? slowedMs : null;
}

/** So many refreshes of a session come at least this often: with them all is read once, and what rates are made of twice. */
const EARLY_REFRESHES = 5;
const EARLY_MS = 1_000;

/** Milliseconds between the first refreshes of a session, of which there were so many; whoever wants rare ones need not wait for the first rates. A dear one is not hurried. */
export function earlyIntervalMs(wantedMs: number, refreshes: number, lastWorkMs: number): number {
  return refreshes >= EARLY_REFRESHES
    ? wantedMs
    : Math.min(wantedMs, Math.max(EARLY_MS, lastWorkMs / MOST_WORK_RATIO));
}

const LATE_RETRY_MS = 5_000;

/** Milliseconds until a reading that failed is tried again: whoever wants rare data wants them, and not those of two intervals ago. */
export function lateRetryMs(wantedMs: number): number {
  return Math.min(wantedMs, LATE_RETRY_MS);
}
