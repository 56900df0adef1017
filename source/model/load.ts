import type {Backend} from './backend.ts';
import type {Session} from './session.ts';
import type {Microseconds} from './timestamp.ts';

/** Where an active session's time goes: wait_event_type, `CPU` for none, `other` for the rest (BufferPin, Extension, …). In the order in which they are stacked. */
export const WAIT_CLASSES = ['CPU', 'IO', 'Lock', 'LWLock', 'Client', 'IPC', 'Timeout', 'other'] as const;

/** One of them. */
export type WaitClass = (typeof WAIT_CLASSES)[number];

/** Samples of some seconds: how many were taken, and how many active sessions of each class they saw in all. */
export type LoadBucket = {
  /** Begin of the bucket on the server's clock. */
  readonly from: Microseconds;
  readonly samples: number;
  /** In the order of WAIT_CLASSES. */
  readonly sums: readonly number[];
  /** Until when the latest sample tells how things are: another was not to come before. */
  readonly until: Microseconds;
};

/** Seconds that one bucket, a column of the chart, stands for. */
export const BUCKET_SECONDS = 5;
/** Half an hour: more than the widest terminal shows. */
const KEPT_BUCKETS = 360;

const CLASS_OF: ReadonlyMap<string, WaitClass> = new Map(WAIT_CLASSES.map(name => [name, name]));

/** Where the time of a session goes now; null when it is not active, or hidden. */
export function waitClass({state, waitEventType}: Backend): WaitClass | null {
  if (state !== 'active') return null;
  if (waitEventType === null) return 'CPU';
  return CLASS_OF.get(waitEventType) ?? 'other';
}

/** Active sessions by class, in the order of WAIT_CLASSES. */
export function countByClass(sessions: readonly Session[]): readonly number[] {
  const counts = WAIT_CLASSES.map(() => 0);
  for (const {backend} of sessions) {
    const found = waitClass(backend);
    const index = found === null ? -1 : WAIT_CLASSES.indexOf(found);
    if (index !== -1) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** When the bucket of a moment begins. */
export function bucketStart(at: Microseconds): Microseconds {
  const length = BUCKET_SECONDS * 1_000_000;
  return Math.floor(at / length) * length;
}

/** The buckets with one more sample, the next of which is to come after `everyMs`. A clock that stepped back begins anew: what was before would stand in the future. */
export function addSample(
  buckets: readonly LoadBucket[],
  at: Microseconds,
  counts: readonly number[],
  everyMs: number,
): readonly LoadBucket[] {
  const [from, until] = [bucketStart(at), at + everyMs * 1_000];
  const last = buckets.at(-1);
  const first = {from, samples: 1, sums: counts, until};
  if (last === undefined || from < last.from) return [first];
  if (from > last.from) return [...buckets.slice(1 - KEPT_BUCKETS), first];
  const sums = last.sums.map((sum, index) => sum + (counts[index] ?? 0));
  return [...buckets.slice(0, -1), {from, samples: last.samples + 1, sums, until}];
}

/** Average active sessions of a bucket by class. */
export function averages({samples, sums}: LoadBucket): readonly number[] {
  return sums.map(sum => sum / samples);
}

/** Average active sessions by class over the last buckets; zeros before the first sample. */
export function averageOver(buckets: readonly LoadBucket[], count: number): readonly number[] {
  const last = buckets.slice(-count);
  const samples = last.reduce((sum, bucket) => sum + bucket.samples, 0);
  return WAIT_CLASSES.map((_, index) =>
    samples === 0 ? 0 : last.reduce((sum, {sums}) => sum + (sums[index] ?? 0), 0) / samples,
  );
}

/** The last `columns` buckets, one for each stretch of time up to the newest: where samples are rarer the latest one before; null where nothing was sampled. */
export function lastBuckets(buckets: readonly LoadBucket[], columns: number): readonly (LoadBucket | null)[] {
  const newest = buckets.at(-1)?.from ?? 0;
  let next = 0;
  return Array.from({length: columns}, (_, index) => {
    const from = newest - (columns - 1 - index) * BUCKET_SECONDS * 1_000_000;
    while ((buckets[next]?.from ?? Number.POSITIVE_INFINITY) <= from) next++;
    const latest = buckets[next - 1];
    return latest !== undefined && from < latest.until ? latest : null;
  });
}
