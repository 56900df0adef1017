import {formatDuration} from '../model/format.ts';
import {averageLoad, type LoadDimension, type LoadShare, stretchMs} from '../model/load-shares.ts';
import {fit} from '../model/text-width.ts';
import {cell} from './cell.ts';
import {isStale} from './data-age.ts';
import {type Line, line, span} from './line.ts';
import {hasLetters, stackBar} from './load-looks.ts';
import {currentLoadRow, loadSections} from './load-rows.ts';
import type {State} from './state.ts';

const HEADINGS: Readonly<Record<LoadDimension, string>> = {
  query: 'QUERY',
  user: 'USER',
  application: 'APPLICATION',
  wait: 'WAIT',
};

/** The load by query, user, application and wait event in exactly `height` lines. */
export function loadViewLines(state: State, height: number): readonly Line[] {
  if (height <= 0) return [];
  const current = currentLoadRow(state);
  const full = averageLoad(state.loadRecords);
  const barWidth = Math.max(8, Math.floor(state.columns / 5));
  const lines = [
    titleLine(state, full),
    ...loadSections(state, height).flatMap(({by, rows}) => [
      headingLine(state, by, barWidth),
      ...rows.map(row => rowLine(state, row, full, barWidth, row.key === current?.key)),
    ]),
  ].slice(0, height);
  return [...lines, ...Array.from({length: height - lines.length}, () => line(''))];
}

function titleLine({loadRecords}: State, full: number): Line {
  const stretch = formatDuration(stretchMs(loadRecords));
  const what = full === 0 ? 'nobody was active' : `${full.toFixed(1)} active sessions on average`;
  return {
    spans: [
      span(` Load of the last ${stretch} · `, 'dim'),
      span(what, 'strong'),
      span(' · Enter: who it is', 'dim'),
    ],
  };
}

function headingLine(state: State, by: LoadDimension, barWidth: number): Line {
  const text = `${'SHARE'.padStart(7)} ${'ACTIVE'.padStart(7)} ${fit('', barWidth)} ${HEADINGS[by]}`;
  return {...line(cell(state, text, state.columns)), mark: 'heading'};
}

function rowLine(state: State, row: LoadShare, full: number, barWidth: number, isSelected: boolean): Line {
  const share = `${(row.share * 100).toFixed(1)}%`;
  const figures = `${share.padStart(7)} ${row.average.toFixed(2).padStart(7)} `;
  const mark = state.focus === 'table' ? ('cursor' as const) : ('cursor-elsewhere' as const);
  return {
    spans: [
      span(figures),
      ...stackBar(row.averages, full, barWidth, hasLetters(state)),
      span(` ${row.text === '' ? '(none)' : row.text}`, row.text === '' ? 'dim' : 'plain'),
    ],
    ...(isSelected ? {mark} : {}),
    ...(isStale(state) ? {isStale: true} : {}),
  };
}
