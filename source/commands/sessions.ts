import {COLUMNS} from '../model/columns.ts';
import {csvLine} from '../model/csv.ts';

import {plainTable} from '../model/plain-table.ts';
import type {Session} from '../model/session.ts';
import {SESSION_FIELDS, serverJson, sessionJson} from '../model/session-json.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {type Sort, sortSessions} from '../model/sort.ts';
import {isoTimestamp} from '../model/timestamp.ts';
import {UsageError} from '../model/usage-error.ts';
import {filterChoice, sortChoice, watchChoice, wordChoice} from './choices.ts';
import {filteredSessions} from './filtered-sessions.ts';
import type {Arguments} from './parse-arguments.ts';
import {printSnapshots} from './print-snapshots.ts';

const DEFAULT_SORT: Sort = {column: 'pid', descending: false};

/** `pgtop sessions`: the sessions on stdout. Resolves with the exit code. @throws UsageError, ConnectError */
export async function sessions(parsed: Arguments, warn: (line: string) => void): Promise<number> {
  const {values} = parsed;
  const format = wordChoice('format', values.format, ['table', 'json', 'csv']);
  const watchMs = watchChoice(values);
  const choose = chooser(values);
  return await printSnapshots(parsed, warn, watchMs, (snapshot, isFirst) => {
    const chosen = choose(snapshot.sessions);
    if (format === 'csv') return csvText(chosen, isFirst);
    return format === 'json' ? jsonText(snapshot, chosen, watchMs !== null) : tableText(chosen);
  });
}

/** Which sessions are printed and in which order, from the options. @throws UsageError */
function chooser(values: Arguments['values']): (sessions: readonly Session[]) => readonly Session[] {
  const active = filterChoice(values);
  const sort = sortChoice(values, false) ?? DEFAULT_SORT;
  const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit);
  if (Number.isNaN(limit) || limit < 0 || (values.limit !== undefined && !Number.isInteger(limit))) {
    throw new UsageError(`--limit takes a whole number, not "${values.limit}"`);
  }
  return all => {
    const wanted = active === null ? all : filteredSessions(all, active.filter);
    return sortSessions(wanted, sort, 'query').slice(0, limit);
  };
}

function jsonText({reading}: Snapshot, chosen: readonly Session[], isOneLine: boolean): string {
  const document = {
    collected_at: isoTimestamp(reading.collectedAt),
    server: serverJson(reading.server),
    sessions: chosen.map(sessionJson),
  };
  return isOneLine ? JSON.stringify(document) : JSON.stringify(document, null, 2);
}

function csvText(chosen: readonly Session[], hasHeading: boolean): string {
  const lines = chosen.map(session => {
    const row = sessionJson(session);
    return csvLine(Object.values({...row, blocked_by: row.blocked_by.join(' ')}));
  });
  return [...(hasHeading ? [csvLine(SESSION_FIELDS)] : []), ...lines].join('\n');
}

/** Cells of a query that a table prints; --format json has all of it. */
const QUERY_WIDTH = 60;

function tableText(chosen: readonly Session[]): string {
  const columns = COLUMNS.filter(({from, isOfProcess}) => from !== 'wide' && !isOfProcess).map(column => ({
    ...column,
    max: column.id === 'query' ? QUERY_WIDTH : column.max,
  }));
  return plainTable(
    columns,
    chosen.map(session => columns.map(column => column.text(session, 'query', QUERY_WIDTH))),
  );
}
