import {formatBytes, formatDuration} from './format.ts';
import {isSameServer} from './same-server.ts';
import type {ServerIdentity} from './snapshot.ts';
import type {Microseconds} from './timestamp.ts';

/** What came of measuring one database: pg_database_size, or why it is not known. */
export type DatabaseSize = {
  readonly datname: string;
  /** The server's clock after it was measured. */
  readonly at: Microseconds;
} & (
  | {readonly type: 'known'; readonly bytes: number}
  /** In the server's words. */
  | {readonly type: 'not-available'; readonly reason: string}
);

/** The latest size of a database and the one before, which its growth is told from; null for the first. */
export type MeasuredDatabase = {readonly latest: DatabaseSize; readonly before: DatabaseSize | null};

/** The sizes of one server's databases, which are measured only when somebody asks for it. */
export type DatabaseSizes = {
  /** The server they are measured on; null before anybody asked. */
  readonly server: ServerIdentity | null;
  readonly byName: ReadonlyMap<string, MeasuredDatabase>;
  /** How many databases the server has, of which only so many are measured; null before any was. */
  readonly total: number | null;
  /** How many of them are measured; null while nobody measures. */
  readonly progress: {readonly done: number; readonly total: number | null} | null;
};

/** Before anybody asked. */
export const NO_SIZES: DatabaseSizes = {
  server: null,
  byName: new Map(),
  total: null,
  progress: null,
};

/** The sizes while they are measured on a server; what is known of another one is forgotten. */
export function beginMeasuring(sizes: DatabaseSizes, server: ServerIdentity): DatabaseSizes {
  const isSame = sizes.server !== null && isSameServer(sizes.server, server);
  const byName = isSame ? sizes.byName : NO_SIZES.byName;
  return {server, byName, total: null, progress: {done: 0, total: null}};
}

/** The sizes with one more; one that is not known leaves the growth to be told from the last that was. */
export function addSize(sizes: DatabaseSizes, latest: DatabaseSize, total: number): DatabaseSizes {
  const known = sizes.byName.get(latest.datname);
  const before = known?.latest.type === 'known' ? known.latest : (known?.before ?? null);
  const byName = new Map(sizes.byName).set(latest.datname, {latest, before});
  const progress = sizes.progress && {done: sizes.progress.done + 1, total};
  return {...sizes, byName, total, progress};
}

/** A size with its growth: `1.2G`, `1.2G, +3.1M in 2m10s`, `n/a: permission denied for database shop`. */
export function sizeText({latest, before}: MeasuredDatabase): string {
  if (latest.type === 'not-available') return `n/a: ${latest.reason}`;
  const size = formatBytes(latest.bytes);
  if (before?.type !== 'known') return size;
  const grown = latest.bytes - before.bytes;
  const sign = grown < 0 ? '-' : '+';
  return `${size}, ${sign}${formatBytes(Math.abs(grown))} in ${formatDuration((latest.at - before.at) / 1000)}`;
}
