import {median, percentile} from './figures.ts';
import type {Cost} from './measure.ts';
import {KEY_KINDS, type KeyKind} from './tools.ts';
import type {Shape} from './workload.ts';

/** The figures of one tool at one size; NaN where there is none. */
export type Figures = {
  readonly tool: string;
  readonly sessions: number;
  readonly shape: Shape;
  readonly screen: string;
  readonly firstFrameMs: number;
  readonly still: Cost;
  readonly busy: Cost;
  readonly keyMs: Readonly<Record<KeyKind, readonly number[]>>;
  readonly freshMs: number;
  readonly megabytes: number;
};

type Column = {readonly title: string; readonly text: (figures: Figures, own: Figures) => string};

const number = (value: number, digits: number) => (Number.isNaN(value) ? '–' : value.toFixed(digits));

/** A figure, and of another tool than ours how many times ours it is. */
function beside(value: number, own: number, digits: number): string {
  const times = value / own;
  return value === own || !Number.isFinite(times)
    ? number(value, digits)
    : `${number(value, digits)} (${times.toFixed(1)}x)`;
}

function keyColumn(kind: KeyKind): Column {
  return {
    title: `${kind} ms (p95)`,
    text: ({keyMs}) =>
      keyMs[kind].length === 0
        ? '–'
        : `${number(median(keyMs[kind]), 1)} (${number(percentile(keyMs[kind], 0.95), 1)})`,
  };
}

const COLUMNS: readonly Column[] = [
  {title: 'tool', text: ({tool}) => tool},
  {title: 'sessions', text: ({sessions, shape}) => `${sessions}${shape === 'storm' ? ' storm' : ''}`},
  {title: 'screen', text: ({screen}) => screen},
  {title: 'first ms', text: (each, own) => beside(each.firstFrameMs, own.firstFrameMs, 0)},
  {title: 'client ms still', text: (each, own) => beside(each.still.clientMs, own.still.clientMs, 1)},
  {title: 'client ms busy', text: (each, own) => beside(each.busy.clientMs, own.busy.clientMs, 1)},
  {title: 'bytes still', text: (each, own) => beside(each.still.bytes, own.still.bytes, 0)},
  {title: 'bytes busy', text: (each, own) => beside(each.busy.bytes, own.busy.bytes, 0)},
  {title: 'server ms still', text: (each, own) => beside(each.still.serverMs, own.still.serverMs, 1)},
  {title: 'server ms busy', text: (each, own) => beside(each.busy.serverMs, own.busy.serverMs, 1)},
  ...KEY_KINDS.map(keyColumn),
  {title: 'fresh ms', text: ({freshMs}) => number(freshMs, 0)},
  {title: 'MB', text: ({megabytes}) => number(megabytes, 0)},
];

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** The first two lines of the table. */
export function tableHead(): string {
  return [rowOf(COLUMNS.map(({title}) => title)), rowOf(COLUMNS.map(() => '--:'))].join('\n');
}

/** A line of it; `own` are the figures of ours in the same place. */
export function tableRow(figures: Figures, own: Figures): string {
  return rowOf(COLUMNS.map(({text}) => text(figures, own)));
}
