import {middle} from './middle.ts';

/** What the answers of a session tell of the line to its server, in milliseconds. */
export type RoundTrips = {
  readonly quickestMs: number;
  /** The latest ones that were hardly more than the way there and back, oldest first. */
  readonly shortMs: readonly number[];
};

/** Before the first answer. */
export const NO_ROUND_TRIPS: RoundTrips = {quickestMs: Number.POSITIVE_INFINITY, shortMs: []};

/** How many answers tell what is typical of the line by now. */
const MOST_ANSWERS = 50;
/** An answer that took more than this many times the quickest one is not put down to the line. */
const MOST_JITTER = 4;

/** The round trips with one more answer. */
export function addRoundTrip({quickestMs, shortMs}: RoundTrips, spentMs: number): RoundTrips {
  const quickest = Math.min(quickestMs, spentMs);
  const short: number[] = [];
  for (const ms of [...shortMs, spentMs]) if (ms <= quickest * MOST_JITTER) short.push(ms);
  return {quickestMs: quickest, shortMs: short.slice(-MOST_ANSWERS)};
}

/** What of an answer was the server's work: what it took beyond a typical round trip, the middle one, so that the jitter of a line is none. */
export function workOfAnswer({shortMs}: RoundTrips, spentMs: number): number {
  return Math.max(0, spentMs - middle(shortMs));
}
