import {formatBytes, formatCount} from './format.ts';

/** What a backend has read and written since it began, or since its statistics were reset: pg_stat_get_backend_io, without WAL. */
export type BackendIo = {
  readonly readBytes: number;
  /** How many times it read; one of several blocks counts once. */
  readonly reads: number;
  readonly writeBytes: number;
  readonly writes: number;
  /** Bytes by which it made relations longer. */
  readonly extendBytes: number;
  /** Blocks it found in a buffer. */
  readonly hits: number;
};

/** For inspect: `1.2G in 150k reads, 30M in 4k writes, 8.0M extended, 2.1M blocks found in buffers`. */
export function backendIoText({readBytes, reads, writeBytes, writes, extendBytes, hits}: BackendIo): string {
  return [
    `${formatBytes(readBytes)} in ${formatCount(reads)} reads`,
    `${formatBytes(writeBytes)} in ${formatCount(writes)} writes`,
    `${formatBytes(extendBytes)} extended`,
    `${formatCount(hits)} blocks found in buffers`,
  ].join(', ');
}
