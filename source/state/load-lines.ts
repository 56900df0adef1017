import {formatDuration} from '../model/format.ts';
import {
  averageOver,
  averages,
  BUCKET_SECONDS,
  type LoadBucket,
  lastBuckets,
  WAIT_CLASSES,
} from '../model/load.ts';
import {type Line, type Span, span} from './line.ts';
import {hasLetters, LOOKS, stackCell} from './load-looks.ts';
import {memoLast} from './memo-last.ts';
import type {State} from './state.ts';

/** Lines of the chart at each height. */
const HEIGHTS: Readonly<Record<State['loadHeight'], number>> = {off: 0, low: 4, high: 9};

const LABEL = 5;

/** The load: average active sessions by what they wait for, present figures above a chart of the last minutes. Empty while it is off. */
export function loadLines(state: State): readonly Line[] {
  const height = Math.min(HEIGHTS[state.loadHeight], Math.floor((state.rows - 10) / 3));
  if (height <= 0 || state.shown === null) return [];
  const {host, maxConnections} = state.shown.reading.server;
  // A socket does not leave the machine: the server has the cores that this program has.
  const cores = host.startsWith('/') ? state.cores : null;
  return linesOf(state.load, state.columns, height, cores, maxConnections, hasLetters(state));
}

const linesOf = memoLast(
  (
    load: readonly LoadBucket[],
    columns: number,
    height: number,
    cores: number | null,
    maxConnections: number,
    isLettered: boolean,
  ): readonly Line[] => {
    const shown = lastBuckets(load, Math.max(1, columns - LABEL - 1));
    const stacks = shown.map(bucket => (bucket === null ? [] : averages(bucket)));
    const peak = Math.max(...stacks.map(stack => stack.reduce((sum, each) => sum + each, 0)));
    const top = Math.min(maxConnections, niceAbove(Math.max(cores ?? 1, peak)));
    const rows = Array.from({length: height}, (_, index): Line => {
      const row = height - 1 - index;
      const label = row === height - 1 ? String(top) : row === 0 ? '0' : '';
      const isCores = cores !== null && cores < top && Math.floor((cores / top) * height) === row;
      const cells = stacks.map(stack => stackCell(stack, row, top / height, isLettered, isCores));
      return {spans: [span(`${label.padStart(LABEL)} `, 'dim'), ...cells]};
    });
    return [titleLine(load, shown.length, cores, isLettered), ...rows];
  },
);

function titleLine(
  load: readonly LoadBucket[],
  columns: number,
  cores: number | null,
  isLettered: boolean,
): Line {
  const now = averageOver(load, 2);
  const total = now.reduce((sum, each) => sum + each, 0);
  const figures = WAIT_CLASSES.flatMap((name, index): readonly Span[] => {
    const {tone, letter} = LOOKS[name];
    const mark = isLettered ? `${letter}=` : '';
    return [span(`${mark}${name}`, tone), span(` ${(now[index] ?? 0).toFixed(1).padEnd(5)}`)];
  });
  const stretch = formatDuration(columns * BUCKET_SECONDS * 1000);
  const line = cores === null ? '' : `, -- ${cores} cores`;
  return {
    spans: [
      span('Load ', 'dim'),
      span(total.toFixed(1).padEnd(6), 'strong'),
      ...figures,
      span(`last ${stretch}${line}`, 'dim'),
    ],
  };
}

/** The next of 1, 2, 4, 5, 8, 10, 20, …: the scale changes seldom. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 4, 5, 8, 10].map(step => step * power).find(step => step >= value) ?? value;
}
