import type {Backend} from '../model/backend.ts';
import type {NameCache} from './name-cache.ts';
import type {ActivityRow} from './queries/activity.ts';
import type {QueryTexts} from './query-texts.ts';
import {readBackend, readQuery} from './read-backend.ts';

/** Makes backends of rows; a row that says the same as in the refresh before gives the very same backend again. */
export type BackendReader = {
  read(rows: readonly ActivityRow[]): readonly Backend[];
  /** Makes every backend anew at the next read: the names it was made with have changed. */
  forget(): void;
};

type Known = {readonly row: ActivityRow; readonly backend: Backend};

/** A reader that remembers the rows of one refresh. */
export function createBackendReader(names: NameCache, texts: QueryTexts): BackendReader {
  let known = new Map<string, Known>();
  return {
    read(rows) {
      const next = new Map<string, Known>();
      const backends = rows.map(row => {
        const before = known.get(row[1]);
        const backend = readRow(row, before, names, texts);
        // The old row is kept where the new one says the same: what lives only for a moment costs the collector nothing.
        next.set(row[1], before?.backend === backend ? before : {row, backend});
        return backend;
      });
      known = next;
      return backends;
    },
    forget() {
      known = new Map();
    },
  };
}

/** The place of the query in a row: its last column. */
const QUERY = 22;

function readRow(row: ActivityRow, before: Known | undefined, names: NameCache, texts: QueryTexts): Backend {
  if (before === undefined || !saysTheSame(row, before.row)) return readBackend(row, names, texts);
  const query = readQuery(row, names, texts);
  return query === before.backend.query ? before.backend : {...before.backend, query};
}

function saysTheSame(row: ActivityRow, before: ActivityRow): boolean {
  for (let column = 0; column < QUERY; column++) if (row[column] !== before[column]) return false;
  return true;
}
