import type {SessionIdentity} from './backend.ts';
import {formatBytes} from './format.ts';

/** What a server process takes of its machine. Null: not known yet, a rate needs two samples. Undefined: it cannot be known here. */
export type ProcessFigures = {
  /** Share of one processor core, 0 to 1. */
  readonly cpuShare: number | null | undefined;
  /** Memory of its own, without shared buffers, in bytes. */
  readonly memoryBytes: number | null | undefined;
  /** Bytes a second from and to storage. */
  readonly readPerSecond: number | null | undefined;
  readonly writePerSecond: number | null | undefined;
};

/** Whose figures somebody looks at: the rows on screen, and where they are sorted by them the other rows of the view. */
export type ProcessNeeds = {
  readonly visible: readonly SessionIdentity[];
  readonly others: readonly SessionIdentity[];
};

/** The figures of server processes, as far as they were wanted. */
export type ProcessReading = {
  /** Who read them: this machine, on which the server runs, or the server (pg_read_file). Null when nobody did. */
  readonly source: 'host' | 'server' | null;
  readonly figures: readonly (readonly [pid: number, figures: ProcessFigures])[];
  /** Why none can be known here; null while they are, or were not asked for. */
  readonly whyNot: string | null;
  /** Why those of storage cannot, in the same way. */
  readonly whyNotIo: string | null;
};

/** Nothing was asked. */
export const NO_PROCESSES: ProcessReading = {source: null, figures: [], whyNot: null, whyNotIo: null};

/** The figures of a process that has not been read yet. */
export const PENDING_FIGURES: ProcessFigures = {
  cpuShare: null,
  memoryBytes: null,
  readPerSecond: null,
  writePerSecond: null,
};

/** The figures of a process where none can be known. */
export const UNKNOWN_FIGURES: ProcessFigures = {
  cpuShare: undefined,
  memoryBytes: undefined,
  readPerSecond: undefined,
  writePerSecond: undefined,
};

/** A share of a core as a table shows it: `0.0`, `12.5`, `100`. Empty while it is not known yet. */
export function cpuText(share: number | null | undefined): string {
  if (share === undefined) return 'n/a';
  if (share === null) return '';
  return share >= 0.9995 ? String(Math.round(share * 100)) : (share * 100).toFixed(1);
}

/** An amount of bytes, or bytes a second, as a table shows it. Empty while it is not known yet. */
export function amountText(bytes: number | null | undefined): string {
  return bytes === undefined ? 'n/a' : formatBytes(bytes);
}

/** For inspect: `CPU 12.5%, 14M of its own, 1.2M/s read, 30K/s written`, and why what is missing cannot be known. Null while nobody asked. */
export function processText(
  figures: ProcessFigures,
  {source, whyNot, whyNotIo}: ProcessReading,
): string | null {
  const {cpuShare, memoryBytes, readPerSecond, writePerSecond} = figures;
  if (source === null) return whyNot === null ? null : `n/a: ${whyNot}`;
  const amount = (bytes: number | null | undefined, what: string) =>
    typeof bytes === 'number' ? [`${formatBytes(bytes)}${what}`] : [];
  const known = [
    ...(typeof cpuShare === 'number' ? [`CPU ${cpuText(cpuShare)}%`] : []),
    ...amount(memoryBytes, ' of its own'),
    ...amount(readPerSecond, '/s read'),
    ...amount(writePerSecond, '/s written'),
  ];
  return known.length === 0 && whyNotIo === null
    ? null
    : [...known, ...(whyNotIo === null ? [] : [`reads and writes n/a: ${whyNotIo}`])].join(', ');
}
