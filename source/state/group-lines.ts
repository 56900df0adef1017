import {DIMENSIONS} from '../model/dimensions.ts';
import {GROUP_COLUMNS, type GroupColumn} from '../model/group-columns.ts';
import {GROUPINGS, type SessionGroup} from '../model/groups.ts';
import {textWidth} from '../model/text-width.ts';
import {cell} from './cell.ts';
import {cursorIndex} from './cursor.ts';
import {isStale} from './data-age.ts';
import {groupRows} from './group-rows.ts';
import {type Line, line, type Span, span, type Tone} from './line.ts';
import {rowKeys} from './row-keys.ts';
import type {State} from './state.ts';

/** Lines above the groups: what they are grouped by, and the heading. */
export const GROUP_HEAD = 2;

const LEAST_NAME = 12;
const LEAST_QUERY = 16;

/** The groups in exactly `height` lines. */
export function groupLines(state: State, height: number): readonly Line[] {
  if (height <= 0) return [];
  const rows = groupRows(state);
  const widths = widthsOf(state, rows);
  const selected = cursorIndex(state.groupCursor, rowKeys(rows));
  const {top} = state.groupCursor;
  const visible = rows.slice(top, top + Math.max(0, height - GROUP_HEAD));
  const lines = [
    choiceLine(state),
    headingLine(state, widths),
    ...visible.map((row, index) => rowLine(state, row, widths, top + index === selected)),
    ...(rows.length === 0 ? [line(' no session passes the filter · Esc goes back', 'dim')] : []),
  ].slice(0, height);
  return [...lines, ...Array.from({length: height - lines.length}, () => line(''))];
}

/** Cells of the group's name and of the query behind all columns, and the columns between them that have room. */
type Widths = {readonly name: number; readonly columns: readonly GroupColumn[]; readonly query: number};

function widthsOf({columns, groupBy}: State, rows: readonly SessionGroup[]): Widths {
  const forQuery = groupBy === 'queryid' ? LEAST_QUERY + 1 : 0;
  const between = leaveOut(GROUP_COLUMNS.slice(1), columns - LEAST_NAME - forQuery);
  const room = columns - widthOf(between);
  const needed = rows.reduce((widest, {value}) => Math.max(widest, textWidth(value)), LEAST_NAME);
  const name = Math.min(room, needed + 1);
  const left = room - name - 1;
  return {name, columns: between, query: groupBy === 'queryid' && left >= LEAST_QUERY ? left : 0};
}

function widthOf(columns: readonly GroupColumn[]): number {
  return columns.reduce((sum, {width}) => sum + width + 1, 0);
}

function leaveOut(columns: readonly GroupColumn[], room: number): readonly GroupColumn[] {
  if (columns.length <= 1 || widthOf(columns) <= room) return columns;
  const least = columns.reduce((a, b) => (a.rank <= b.rank ? a : b));
  return leaveOut(
    columns.filter(column => column !== least),
    room,
  );
}

function choiceLine({groupBy}: State): Line {
  const choices = GROUPINGS.flatMap((by): readonly Span[] => [
    span(' '),
    by === groupBy ? span(`[${DIMENSIONS[by].title}]`, 'strong') : span(DIMENSIONS[by].title, 'dim'),
  ]);
  return {spans: [span(' Sessions by', 'dim'), ...choices, span('  ← → choose', 'dim')]};
}

function headingLine(state: State, {name, columns, query}: Widths): Line {
  const {groupSort, groupBy} = state;
  const titled = ({id, title, width}: GroupColumn, room: number) => {
    const text = id === 'group' ? DIMENSIONS[groupBy].title.toUpperCase() : title;
    const arrow = id === groupSort.column ? (groupSort.descending ? '▾' : '▴') : '';
    return cell(state, text.length + arrow.length > room ? text : `${text}${arrow}`, room, alignOf(width));
  };
  const texts = GROUP_COLUMNS.filter(column => column.id === 'group' || columns.includes(column)).map(
    column => titled(column, column.id === 'group' ? name : column.width),
  );
  return {
    ...line([...texts, ...(query > 0 ? [cell(state, 'LONGEST', query)] : [])].join(' ')),
    mark: 'heading',
  };
}

function alignOf(width: number): 'left' | 'right' {
  return width === 0 ? 'left' : 'right';
}

function rowLine(state: State, group: SessionGroup, widths: Widths, isSelected: boolean): Line {
  const tone = (own: Tone) => (isSelected ? 'plain' : own);
  const name = group.value === '' ? (state.groupBy === 'state' ? 'hidden' : '(none)') : group.value;
  const spans = [
    span(cell(state, name, widths.name), tone(group.value === '' ? 'dim' : 'plain')),
    ...widths.columns.map(column =>
      span(` ${cell(state, column.text(group), column.width, 'right')}`, tone(TONES[column.id] ?? 'plain')),
    ),
    ...(widths.query > 0 ? [span(` ${cell(state, group.query, widths.query)}`, tone('dim'))] : []),
  ];
  const mark = state.focus === 'table' ? ('cursor' as const) : ('cursor-elsewhere' as const);
  return {spans, ...(isSelected ? {mark} : {}), ...(isStale(state) ? {isStale: true} : {})};
}

const TONES: Partial<Readonly<Record<GroupColumn['id'], Tone>>> = {
  active: 'active',
  waiting: 'waiting',
  'idle-in-xact': 'idle-in-xact',
  idle: 'dim',
};
