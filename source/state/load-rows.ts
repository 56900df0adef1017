import type {RecordBucket} from '../model/load-records.ts';
import {LOAD_DIMENSIONS, type LoadDimension, type LoadShare, loadShares} from '../model/load-shares.ts';
import {cursorIndex} from './cursor.ts';
import {memoLast} from './memo-last.ts';
import {regionsOf} from './regions.ts';
import {rowKeys} from './row-keys.ts';
import type {State} from './state.ts';

/** The foremost of one dimension. */
export type LoadSection = {readonly by: LoadDimension; readonly rows: readonly LoadShare[]};

/** Lines above the sections. */
const TITLE = 1;

/** The sections of the load in `height` lines: each a heading and as many rows as there is room for, the queries most. Those without room for a row are left out. */
export function loadSections(
  {loadRecords}: Pick<State, 'loadRecords'>,
  height: number,
): readonly LoadSection[] {
  return sectionsOf(loadRecords, height);
}

const sectionsOf = memoLast((buckets: readonly RecordBucket[], height: number): readonly LoadSection[] => {
  const dimensions = LOAD_DIMENSIONS.slice(0, Math.max(0, Math.floor((height - TITLE) / 2)));
  const room = height - TITLE - dimensions.length;
  const each = Math.floor(room / dimensions.length);
  const shares = dimensions.map(by => ({by, rows: loadShares(buckets, by)}));
  // What a short section leaves free is for those that have more.
  let free = room - shares.reduce((sum, {rows}) => sum + Math.min(each, rows.length), 0);
  return shares.map(({by, rows}) => {
    const extra = Math.max(0, Math.min(free, rows.length - each));
    free -= extra;
    return {by, rows: rows.slice(0, each + extra)};
  });
});

/** The rows on screen, whatever section they are in. */
export function loadRows(state: State): readonly LoadShare[] {
  return rowsOf(loadSections(state, regionsOf(state).table));
}

const rowsOf = memoLast((sections: readonly LoadSection[]) => sections.flatMap(({rows}) => rows));

/** The row under the cursor; null without rows. */
export function currentLoadRow(state: State): LoadShare | null {
  const rows = loadRows(state);
  return rows[cursorIndex(state.loadCursor, rowKeys(rows))] ?? null;
}
