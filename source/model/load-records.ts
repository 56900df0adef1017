import {bucketStart, WAIT_CLASSES, waitClass} from './load.ts';
import type {Session} from './session.ts';
import type {Microseconds} from './timestamp.ts';

/** What one session was seen doing in some seconds: how often it ran this query with this wait. */
export type LoadRecord = {
  /** Identity of the session, see sessionKey. */
  readonly session: string;
  readonly user: string;
  readonly application: string;
  /** Null where the server tells none. */
  readonly queryId: string | null;
  /** The begin of the query. */
  readonly query: string;
  /** `Lock:relation`; empty for the CPU. */
  readonly wait: string;
  /** Index into WAIT_CLASSES. */
  readonly classIndex: number;
  readonly count: number;
};

/** The records of some seconds. Immutable. */
export type RecordBucket = {
  /** Begin of the bucket on the server's clock. */
  readonly from: Microseconds;
  readonly samples: number;
  /** By session, query and wait. */
  readonly records: ReadonlyMap<string, LoadRecord>;
  /** Sightings beyond MOST_IN_BUCKET by class, which belong to nobody known. */
  readonly others: readonly number[];
};

/** How long records are kept, in seconds. */
export const KEPT_SECONDS = 300;
/** Records of one bucket: what so many busy sessions do in it. */
export const MOST_IN_BUCKET = 2_000;
/** Records of all buckets: the oldest buckets go when there are more. They take 400 bytes each, 1,400 where every text is another. */
export const MOST_RECORDS = 20_000;
/** Characters of a query that are kept to tell it by. */
export const QUERY_LENGTH = 120;

const NONE: readonly number[] = WAIT_CLASSES.map(() => 0);

/** The buckets with one more sample of the active sessions; idle ones leave no record. A clock that stepped back begins anew. */
export function addRecords(
  buckets: readonly RecordBucket[],
  at: Microseconds,
  sessions: readonly Session[],
): readonly RecordBucket[] {
  const from = bucketStart(at);
  const last = buckets.at(-1);
  if (last === undefined || from < last.from) return [sampled({...EMPTY, from}, sessions, undefined)];
  if (from > last.from) return [...keptBeside(buckets, from), sampled({...EMPTY, from}, sessions, last)];
  return [...buckets.slice(0, -1), sampled(last, sessions, last)];
}

/** The buckets that are kept beside a new one, which begins at `from`. */
function keptBeside(buckets: readonly RecordBucket[], from: Microseconds): readonly RecordBucket[] {
  let room = MOST_RECORDS - MOST_IN_BUCKET;
  const latestGone = buckets.findLastIndex(bucket => {
    room -= bucket.records.size;
    return room < 0 || bucket.from <= from - KEPT_SECONDS * 1_000_000;
  });
  return buckets.slice(latestGone + 1);
}

const EMPTY = {samples: 0, records: new Map<string, LoadRecord>(), others: NONE};

function sampled(
  bucket: RecordBucket,
  sessions: readonly Session[],
  before: RecordBucket | undefined,
): RecordBucket {
  const records = new Map(bucket.records);
  const others = [...bucket.others];
  // Keys are dear: in a full bucket one is made only for who may have it already.
  let recorded: ReadonlySet<string> | null = null;
  for (const session of sessions) {
    const found = waitClass(session.backend);
    if (found === null) continue;
    const classIndex = WAIT_CLASSES.indexOf(found);
    if (records.size >= MOST_IN_BUCKET) {
      recorded ??= new Set(Array.from(records.values(), record => record.session));
      if (!recorded.has(session.key)) {
        others[classIndex] = (others[classIndex] ?? 0) + 1;
        continue;
      }
    }
    const key = recordKey(session);
    const known = records.get(key);
    if (known !== undefined) records.set(key, {...known, count: known.count + 1});
    else if (records.size >= MOST_IN_BUCKET) others[classIndex] = (others[classIndex] ?? 0) + 1;
    else records.set(copyOf(key), {...(before?.records.get(key) ?? recordOf(session, classIndex)), count: 1});
  }
  return {from: bucket.from, samples: bucket.samples + 1, records, others};
}

function recordKey({key, backend}: Session): string {
  const {queryId, query, waitEventType, waitEvent} = backend;
  return `${key} ${waitEventType ?? ''}:${waitEvent ?? ''} ${queryId ?? query.slice(0, QUERY_LENGTH)}`;
}

function recordOf({key, backend}: Session, classIndex: number): LoadRecord {
  const {usename, applicationName, queryId, query, waitEventType, waitEvent} = backend;
  return {
    session: key,
    user: usename ?? '',
    application: applicationName,
    queryId,
    query: copyOf(query.slice(0, QUERY_LENGTH)),
    wait: waitEventType === null ? '' : `${waitEventType}:${waitEvent ?? ''}`,
    classIndex,
    count: 1,
  };
}

/** A piece of a text keeps the whole of it in memory; its copy does not. */
function copyOf(piece: string): string {
  return Buffer.from(piece).toString();
}
