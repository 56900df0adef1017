import type {Backend} from '../model/backend.ts';
import type {NameCache} from './name-cache.ts';
import {type ActivityRow, COLUMN, type UnchangedRow} from './queries/activity.ts';
import {decodedAs, type QueryText, readQueryText} from './query-text.ts';
import {readBackend} from './read-backend.ts';
import {copyOf, isCopyOf, isPidOnly, pidOf} from './row-bytes.ts';
import type {RowBytes} from './row-message.ts';

/** Makes backends of rows; a row that says the same as in the refresh before gives the very same backend again. */
export type BackendReader = {
  /** Begins a refresh. One that breaks off changes nothing of what is known. */
  begin(): void;
  /** Takes a row of it that is known to the byte, or says only that nothing changed of a backend that is known. False for any other, which has to be read. */
  takeUnread(row: RowBytes): boolean;
  /** Takes any other row, with the bytes it was read from. One that says only that nothing changed gives no backend. */
  take(row: ActivityRow | UnchangedRow, bytes: RowBytes): void;
  /** The backends of the refresh, in the order of its rows; who was not in it is forgotten. */
  finish(): readonly Backend[];
  /** Makes the backends of the latest refresh anew: the names they were made with have changed. */
  rename(): readonly Backend[];
  /** True when something was left out as known in the latest refresh and was not, so that the next one has to fetch everything. */
  isMissingSome(): boolean;
};

/** A backend with what it was made of. */
type Known = {
  readonly row: ActivityRow;
  readonly query: QueryText | null;
  readonly backend: Backend;
  /** The row as it travelled when it last said the same; null before that. */
  copy: Buffer | null;
};

/** A reader that remembers the rows of one refresh. */
export function createBackendReader(names: NameCache): BackendReader {
  let known: ReadonlyMap<number, Known> = new Map();
  let seen: Known[] = [];
  let hasChanged = false;
  let isMissing = false;
  const finish = () => {
    if (hasChanged || seen.length !== known.size) known = byPid(seen);
    // A pid that was given to a new backend while the server made its list stands in it twice.
    return known.size === seen.length ? seen.map(backendOf) : Array.from(known.values(), backendOf);
  };
  return {
    begin() {
      seen = [];
      hasChanged = false;
      isMissing = false;
    },
    takeUnread(bytes) {
      const pid = pidOf(bytes);
      const before = pid === null ? undefined : known.get(pid);
      if (before === undefined || !(isPidOnly(bytes) || isCopyOf(before.copy, bytes))) return false;
      seen.push(before);
      isMissing ||= before.query === null;
      return true;
    },
    take(row, bytes) {
      if (isUnchanged(row)) {
        isMissing = true;
        return;
      }
      const before = known.get(Number(row[COLUMN.pid]));
      const now = readKnown(row, before, names);
      seen.push(now);
      // What has said the same twice may well say so again; what changes all the time is not copied.
      if (now === before) now.copy = copyOf(bytes);
      hasChanged ||= now !== before;
      isMissing ||= now.query === null;
    },
    finish,
    rename() {
      seen = seen.map(({row, query}) =>
        makeKnown(row, query && decodedAs(query, encodingOf(row, names)), names),
      );
      hasChanged = true;
      return finish();
    },
    isMissingSome: () => isMissing,
  };
}

function isUnchanged(row: ActivityRow | UnchangedRow): row is UnchangedRow {
  return row[COLUMN.applicationName] === null;
}

/** The row with its backend. Where it says the same as before the old ones are kept: what lives only for a moment costs the collector nothing. */
function readKnown(row: ActivityRow, before: Known | undefined, names: NameCache): Known {
  const query = readQueryText(row, encodingOf(row, names), before);
  if (before === undefined || !saysTheSame(row, before.row)) return makeKnown(row, query, names);
  if (query === before.query) return before;
  return {row, query, backend: {...before.backend, query: query?.text ?? ''}, copy: null};
}

function byPid(seen: readonly Known[]): ReadonlyMap<number, Known> {
  const known = new Map<number, Known>();
  for (const now of seen) known.set(now.backend.pid, now);
  return known;
}

function backendOf({backend}: Known): Backend {
  return backend;
}

/** The encoding of the row's texts, by PostgreSQL's name. */
function encodingOf(row: ActivityRow, names: NameCache): string {
  const datid = row[COLUMN.datid];
  return datid === null ? 'UTF8' : names.encodingOf(Number(datid));
}

function makeKnown(row: ActivityRow, query: QueryText | null, names: NameCache): Known {
  return {row, query, backend: readBackend(row, names, query?.text ?? ''), copy: null};
}

function saysTheSame(row: ActivityRow, before: ActivityRow): boolean {
  for (let column = 0; column < COLUMN.query; column++) if (row[column] !== before[column]) return false;
  return true;
}
