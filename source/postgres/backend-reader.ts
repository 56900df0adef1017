import type {Backend} from '../model/backend.ts';
import type {NameCache} from './name-cache.ts';
import {type ActivityRow, COLUMN, type UnchangedRow} from './queries/activity.ts';
import {type QueryText, readQueryText} from './query-text.ts';
import {readBackend} from './read-backend.ts';

/** Makes backends of rows; a row that says the same as in the refresh before gives the very same backend again. */
export type BackendReader = {
  /** The backends of one refresh. A row that says only that nothing changed, of a backend not known, gives none. */
  read(rows: readonly (ActivityRow | UnchangedRow)[]): readonly Backend[];
  /** Makes every backend anew at the next read: the names it was made with have changed. */
  forgetNames(): void;
  /** True when something was left out as known in the last read and was not, so that the next refresh has to fetch everything. */
  isMissingSome(): boolean;
};

/** A backend with what it was made of. Bounded by the number of backends: who was not seen in a refresh is forgotten after it. */
type Known = {readonly row: ActivityRow; readonly query: QueryText | null; readonly backend: Backend};

/** A reader that remembers the rows of one refresh. */
export function createBackendReader(names: NameCache): BackendReader {
  let known = new Map<string, Known>();
  let isRenamed = false;
  let isMissing = false;
  return {
    read(rows) {
      const next = new Map<string, Known>();
      isMissing = false;
      for (const row of rows) {
        const pid = row[COLUMN.pid];
        const before = known.get(pid);
        const told = isUnchanged(row) ? before?.row : row;
        const now = told === undefined ? undefined : readKnown(told, before, names, isRenamed);
        if (now !== undefined) next.set(pid, now);
        isMissing ||= now === undefined || now.query === null;
      }
      known = next;
      isRenamed = false;
      return Array.from(next.values(), ({backend}) => backend);
    },
    forgetNames() {
      isRenamed = true;
    },
    isMissingSome: () => isMissing,
  };
}

function isUnchanged(row: ActivityRow | UnchangedRow): row is UnchangedRow {
  return row[COLUMN.applicationName] === null;
}

/** The row with its backend. Where it says the same as before the old ones are kept: what lives only for a moment costs the collector nothing. */
function readKnown(row: ActivityRow, before: Known | undefined, names: NameCache, isRenamed: boolean): Known {
  if (before !== undefined && row === before.row && !isRenamed) return before;
  const datid = row[COLUMN.datid];
  const encoding = datid === null ? 'UTF8' : names.encodingOf(Number(datid));
  const query = readQueryText(row, encoding, before);
  const isSame = before !== undefined && !isRenamed && saysTheSame(row, before.row);
  if (!isSame) return {row, query, backend: readBackend(row, names, query?.text ?? '')};
  if (query === before.query) return before;
  return {row, query, backend: {...before.backend, query: query?.text ?? ''}};
}

function saysTheSame(row: ActivityRow, before: ActivityRow): boolean {
  for (let column = 0; column < COLUMN.query; column++) if (row[column] !== before[column]) return false;
  return true;
}
