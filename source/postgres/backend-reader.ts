import type {Backend} from '../model/backend.ts';
import type {NameCache} from './name-cache.ts';
import type {ActivityRow, UnchangedRow} from './queries/activity.ts';
import type {QueryTexts} from './query-texts.ts';
import {readBackend, readQuery} from './read-backend.ts';

/** Makes backends of rows; a row that says the same as in the refresh before gives the very same backend again. */
export type BackendReader = {
  /** The backends of one refresh. A row that says only that nothing changed, of a backend not known, gives none. */
  read(rows: readonly (ActivityRow | UnchangedRow)[]): readonly Backend[];
  /** Makes every backend anew at the next read: the names it was made with have changed. */
  forgetNames(): void;
  /** Ends a refresh. True when something was left out as known and was not, so that the next refresh has to fetch everything. */
  endRefresh(): boolean;
};

type Known = {readonly row: ActivityRow; readonly backend: Backend};

/** A reader that remembers the rows of one refresh. */
export function createBackendReader(names: NameCache, texts: QueryTexts): BackendReader {
  let known = new Map<string, Known>();
  let isRenamed = false;
  let isMissing = false;
  return {
    read(rows) {
      const next = new Map<string, Known>();
      for (const row of rows) {
        const before = known.get(row[1]);
        const told = isUnchanged(row) ? before?.row : row;
        if (told === undefined) isMissing = true;
        else next.set(row[1], readRow(told, isRenamed ? undefined : before, names, texts));
      }
      known = next;
      isRenamed = false;
      return Array.from(next.values(), ({backend}) => backend);
    },
    forgetNames() {
      isRenamed = true;
    },
    endRefresh() {
      const wasMissing = texts.endRefresh() || isMissing;
      isMissing = false;
      return wasMissing;
    },
  };
}

/** The place of the query in a row: its last column. */
const QUERY = 22;

function isUnchanged(row: ActivityRow | UnchangedRow): row is UnchangedRow {
  return row[4] === null;
}

/** The row with its backend. Where it says the same as before the old ones are kept: what lives only for a moment costs the collector nothing. */
function readRow(row: ActivityRow, before: Known | undefined, names: NameCache, texts: QueryTexts): Known {
  if (before === undefined || !saysTheSame(row, before.row))
    return {row, backend: readBackend(row, names, texts)};
  const query = readQuery(row, names, texts);
  return query === before.backend.query ? before : {row, backend: {...before.backend, query}};
}

function saysTheSame(row: ActivityRow, before: ActivityRow): boolean {
  if (row === before) return true;
  for (let column = 0; column < QUERY; column++) if (row[column] !== before[column]) return false;
  return true;
}
