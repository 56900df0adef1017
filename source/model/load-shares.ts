import {DIMENSIONS} from './dimensions.ts';
import {BUCKET_SECONDS, WAIT_CLASSES} from './load.ts';
import {type LoadRecord, QUERY_LENGTH, type RecordBucket} from './load-records.ts';

/** What the load is told apart by. */
export const LOAD_DIMENSIONS = ['query', 'user', 'application', 'wait'] as const;

/** One of them. */
export type LoadDimension = (typeof LOAD_DIMENSIONS)[number];

/** What one query, user, application or wait event has of the load. */
export type LoadShare = {
  /** Identity: the dimension and the value. */
  readonly key: string;
  /** As it is shown; empty for none. */
  readonly text: string;
  /** Filter terms for its sessions; null where no filter tells them. */
  readonly filter: string | null;
  /** Average active sessions by class, in the order of WAIT_CLASSES. */
  readonly averages: readonly number[];
  /** Average active sessions. */
  readonly average: number;
  /** Of all active sessions, 0 to 1. */
  readonly share: number;
};

/** What a session did while it was sampled. */
export type SessionLoad = {
  /** Each bucket's share of the time in each class, the oldest first; all zeros while it was not active. */
  readonly buckets: readonly (readonly number[])[];
  /** Share of the time in each class over all of them, 0 to 1. */
  readonly shares: readonly number[];
  /** From the first to the last of them, in milliseconds. */
  readonly stretchMs: number;
};

/** A value and how often each class was seen with it. */
type Seen = {readonly record: LoadRecord; readonly counts: number[]};

const VALUES: Readonly<Record<LoadDimension | 'session', (record: LoadRecord) => string>> = {
  query: ({queryId, query}) => queryId ?? query,
  user: ({user}) => user,
  application: ({application}) => application,
  wait: ({wait}) => wait,
  session: ({session}) => session,
};

/** From the begin of the first bucket to the end of the last, in milliseconds; 0 without any. */
export function stretchMs(buckets: readonly Pick<RecordBucket, 'from'>[]): number {
  const [first, last] = [buckets[0], buckets.at(-1)];
  return first === undefined || last === undefined
    ? 0
    : (last.from - first.from) / 1000 + BUCKET_SECONDS * 1000;
}

/** Average active sessions over the buckets; 0 before the first sample. */
export function averageLoad(buckets: readonly RecordBucket[]): number {
  const samples = buckets.reduce((sum, bucket) => sum + bucket.samples, 0);
  return samples === 0 ? 0 : sightings(buckets) / samples;
}

/** Who has most of the load, the greatest share first, equals by their text. */
export function loadShares(buckets: readonly RecordBucket[], by: LoadDimension): readonly LoadShare[] {
  const samples = buckets.reduce((sum, bucket) => sum + bucket.samples, 0);
  const all = sightings(buckets);
  const seen = new Map<string, Seen>();
  for (const bucket of buckets)
    for (const [value, {record, counts}] of countsOf(bucket, by)) addTo(seen, value, record, counts);
  const shares = [...seen].map(([value, {record, counts}]): LoadShare => {
    const count = counts.reduce((sum, each) => sum + each, 0);
    return {
      key: `${by}=${value}`,
      ...namesOf(by, record),
      averages: counts.map(each => each / samples),
      average: count / samples,
      share: count / all,
    };
  });
  return shares.sort((a, b) => b.average - a.average || (a.text < b.text ? -1 : 1));
}

/** The last minutes of one session, from the bucket on in which it was there first. */
export function sessionLoad(
  buckets: readonly RecordBucket[],
  {key, backendStart}: {readonly key: string; readonly backendStart: number | null},
): SessionLoad {
  const lived = buckets.filter(
    ({from}) => backendStart === null || from + BUCKET_SECONDS * 1_000_000 > backendStart,
  );
  const samples = lived.reduce((sum, bucket) => sum + bucket.samples, 0);
  const counts = lived.map(bucket => countsOf(bucket, 'session').get(key)?.counts ?? NOTHING);
  return {
    stretchMs: stretchMs(lived),
    buckets: counts.map((each, index) => each.map(count => count / (lived[index]?.samples ?? 1))),
    shares: WAIT_CLASSES.map((_, index) =>
      samples === 0 ? 0 : counts.reduce((sum, each) => sum + (each[index] ?? 0), 0) / samples,
    ),
  };
}

const NOTHING: readonly number[] = WAIT_CLASSES.map(() => 0);

function sightings(buckets: readonly RecordBucket[]): number {
  let sum = 0;
  for (const bucket of buckets) {
    for (const {counts} of countsOf(bucket, 'user').values()) for (const count of counts) sum += count;
    for (const count of bucket.others) sum += count;
  }
  return sum;
}

const COUNTED = new WeakMap<RecordBucket, Map<string, ReadonlyMap<string, Seen>>>();

/** The counts of one bucket, remembered with it: all but the newest are never counted again. */
function countsOf(bucket: RecordBucket, by: LoadDimension | 'session'): ReadonlyMap<string, Seen> {
  const known = COUNTED.get(bucket) ?? new Map<string, ReadonlyMap<string, Seen>>();
  COUNTED.set(bucket, known);
  const before = known.get(by);
  if (before !== undefined) return before;
  const seen = new Map<string, Seen>();
  for (const record of bucket.records.values()) {
    const counts = WAIT_CLASSES.map((_, index) => (index === record.classIndex ? record.count : 0));
    addTo(seen, VALUES[by](record), record, counts);
  }
  known.set(by, seen);
  return seen;
}

function addTo(seen: Map<string, Seen>, value: string, record: LoadRecord, counts: readonly number[]): void {
  const known = seen.get(value);
  if (known === undefined) {
    seen.set(value, {record, counts: [...counts]});
    return;
  }
  for (let index = 0; index < counts.length; index++)
    known.counts[index] = (known.counts[index] ?? 0) + (counts[index] ?? 0);
}

function namesOf(by: LoadDimension, record: LoadRecord): Pick<LoadShare, 'text' | 'filter'> {
  switch (by) {
    case 'query': {
      const {queryId, query} = record;
      // Of a longer one only the begin is known.
      const is = query.length < QUERY_LENGTH ? '=' : ':';
      const text = query === '' ? null : `query${is}"${query.replaceAll(/["\\]/g, '\\$&')}"`;
      return {text: query, filter: queryId === null ? text : DIMENSIONS.queryid.filterOf(queryId)};
    }
    case 'user':
      return {text: record.user, filter: DIMENSIONS.user.filterOf(record.user)};
    case 'application':
      return {text: record.application, filter: DIMENSIONS.application.filterOf(record.application)};
    case 'wait':
      return {text: record.wait || 'CPU', filter: DIMENSIONS.wait.filterOf(record.wait)};
    default:
      return by satisfies never;
  }
}
