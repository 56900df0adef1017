import {breachesOf} from '../model/alarms.ts';
import {isIdleInXact} from '../model/backend.ts';
import type {PlacedColumn} from '../model/column-widths.ts';
import type {Column, ColumnId} from '../model/columns.ts';
import type {DurationMode} from '../model/duration-mode.ts';
import {isTooSlow, SLOW_FILTER} from '../model/filter/filter-sessions.ts';
import type {Session} from '../model/session.ts';
import type {ThresholdName} from '../model/thresholds.ts';
import {cell} from './cell.ts';
import {cursorIndex} from './cursor.ts';
import {isStale} from './data-age.ts';
import {type Line, line, type Span, span, type Tone} from './line.ts';
import {queryLines} from './row-heights.ts';
import {rowKeys} from './row-keys.ts';
import type {State} from './state.ts';
import {tableColumns} from './table-columns.ts';
import {durationOf, sortOf, tableRows, viewOf} from './table-rows.ts';

/** The session table in exactly `height` lines: its heading and the visible rows. */
export function tableLines(state: State, height: number): readonly Line[] {
  if (height <= 0) return [];
  const columns = tableColumns(state);
  const rows = tableRows(state);
  const selected = cursorIndex(state.tableCursor, rowKeys(rows));
  const lines: Line[] = [headingLine(state, columns)];
  for (let index = state.tableCursor.top; index < rows.length && lines.length < height; index++) {
    const row = rows[index];
    if (row !== undefined) lines.push(...rowLines(state, row, columns, index === selected));
  }
  if (rows.length === 0 && height > 1) lines.push(line(` ${emptyText(state)}`, 'dim'));
  const blank = line('');
  return [
    ...lines.slice(0, height),
    ...Array.from({length: Math.max(0, height - lines.length)}, () => blank),
  ];
}

const SHORT_MODES: Readonly<Record<DurationMode, string>> = {
  query: 'TIME',
  xact: 'XACT',
  state: 'STATE',
  session: 'SESSION',
};

function headingLine(state: State, columns: readonly PlacedColumn[]): Line {
  const sort = sortOf(state);
  const text = columns
    .map(({column, width}) => {
      const title = column.id === 'time' ? SHORT_MODES[durationOf(state)] : column.title;
      const arrow = column.id === sort.column ? (sort.descending ? '▾' : '▴') : '';
      return cell(
        state,
        title.length + arrow.length > width ? title : `${title}${arrow}`,
        width,
        column.align,
      );
    })
    .join(' ');
  return {...line(text), mark: 'heading'};
}

function rowLines(
  state: State,
  session: Session,
  columns: readonly PlacedColumn[],
  isSelected: boolean,
): readonly Line[] {
  const query = queryLines(state, session, columns);
  const duration = durationOf(state);
  const breaches = breachNames(state, session);
  const isTagged = state.tags.has(session.key);
  const stale = isStale(state) ? {isStale: true} : {};
  const mark = isSelected
    ? {mark: state.focus === 'table' ? ('cursor' as const) : ('cursor-elsewhere' as const)}
    : {};
  return query.map((part, index) => ({
    ...mark,
    ...stale,
    spans: columns.map(({column, width}, place): Span => {
      const plain = column.id === 'query' ? part : index > 0 ? '' : column.text(session, duration, width);
      const text = index > 0 ? plain : markedText(plain, width, column.id, isTagged, breaches.size > 0);
      const gap = place === columns.length - 1 ? '' : ' ';
      return span(
        `${cell(state, text, width, column.align)}${gap}`,
        isSelected ? 'plain' : isTagged && column.id === 'pid' ? 'tagged' : toneOf(session, column, breaches),
      );
    }),
  }));
}

/** The thresholds that a session has crossed. */
function breachNames({shown, options}: State, session: Session): ReadonlySet<ThresholdName> {
  const breaches = shown === null ? [] : breachesOf(session, shown, options.thresholds);
  return new Set(breaches.map(({name}) => name));
}

/** The marks of a tag and of a threshold, where there is room for them: colour alone must not tell. */
function markedText(
  text: string,
  width: number,
  id: ColumnId,
  isTagged: boolean,
  hasBreach: boolean,
): string {
  if (text.length >= width) return text;
  if (id === 'pid' && isTagged) return `*${text}`;
  return id === 'time' && hasBreach ? `!${text}` : text;
}

function toneOf(session: Session, {id}: Column, breaches: ReadonlySet<ThresholdName>): Tone {
  const {backend, blocksInTotal, blockedBy} = session;
  switch (id) {
    case 'time':
      return breaches.size > 0 ? 'danger' : 'plain';
    case 'state':
      if (breaches.has('idle-in-xact')) return 'danger';
      if (backend.state === 'idle in transaction (aborted)') return 'danger';
      if (isIdleInXact(backend)) return 'idle-in-xact';
      return backend.state === 'active' ? 'active' : 'dim';
    case 'wait':
      if (breaches.has('wait')) return 'danger';
      return backend.waitEventType === 'Lock' || blockedBy.length > 0 ? 'waiting' : 'dim';
    case 'blk':
      return blocksInTotal > 0 ? 'blocking' : 'plain';
    case 'pid':
      return blocksInTotal > 0 && blockedBy.length === 0 ? 'blocking' : 'plain';
    case 'query':
      return backend.state === 'active' ? 'plain' : 'dim';
    case 'client':
    case 'app':
      return 'dim';
    default:
      return 'plain';
  }
}

/** What stands in place of the rows when there are none, and how to get some. */
function emptyText(state: State): string {
  if (state.shown === null) return 'waiting for the first data';
  const view = viewOf(state);
  if (state.filter !== null && isTooSlow(state.filter.filter)) return `${SLOW_FILTER} · Esc clears it`;
  if (state.filter !== null || state.user !== null || state.database !== null) {
    return `no session in view "${view.title}" passes the filter · Esc clears it`;
  }
  if (view.name === 'waiting' || view.name === 'blocking') return 'nobody waits for a lock';
  return `no session in view "${view.title}" · 5 shows all`;
}
