import {COLUMNS, type Column} from '../model/columns.ts';
import {filterGrammar} from '../model/filter/filter-grammar.ts';
import {GROUP_COLUMNS} from '../model/group-columns.ts';
import {type Meter, readMeter} from '../model/meters/meter.ts';
import {METERS} from '../model/meters/meters.ts';
import {NO_PROCESSES} from '../model/process-figures.ts';
import {wrapText} from '../model/text-width.ts';
import {keyRows} from './key-lines.ts';
import {type Line, line, span} from './line.ts';
import type {State} from './state.ts';

const KEYS_WIDTH = 14;
const TERM_WIDTH = 26;

/** What users of neighbouring programs have in their fingers. */
const NEIGHBOURS: readonly (readonly [string, string])[] = [
  [
    'pg_activity',
    'F1 F2 F3 are 1 2 3 here · C and K need no row focus · Space does not pause, p does · T is d · v (wrap) is w',
  ],
  [
    'htop',
    'F9 and k ask before they signal · F4 filters, F3 searches, F6 sorts, F5 opens the lock-wait tree',
  ],
];

/** The help as lines: the keys, the columns, the meters and the filter, each printed from its table. */
export function helpLines(state: State): readonly Line[] {
  const {columns, options} = state;
  const keys = keyRows(options.keys);
  const groups = [...new Set(keys.map(({group}) => group))];
  return [
    {...line(` pgtop ${PGTOP_VERSION} · keys`), mark: 'heading'},
    ...groups.flatMap(group => [
      line(` ${group}`, 'title'),
      ...keys
        .filter(row => row.group === group)
        .flatMap(row => entryLines(row.keys, row.description, KEYS_WIDTH, columns)),
    ]),
    line(''),
    {...line(' Columns'), mark: 'heading'},
    ...COLUMNS.flatMap(column =>
      entryLines(column.title, `${column.description}${columnReason(column, state)}`, KEYS_WIDTH, columns),
    ),
    line(''),
    {...line(' Columns of the groups'), mark: 'heading'},
    ...GROUP_COLUMNS.flatMap(({title, description}) => entryLines(title, description, KEYS_WIDTH, columns)),
    line(''),
    {...line(' Meters, as many as have room; # hides them'), mark: 'heading'},
    ...METERS.flatMap(meter =>
      entryLines(meter.caption, `${meter.description}${reason(meter, state)}`, KEYS_WIDTH, columns),
    ),
    line(''),
    {
      ...line(' Filter: all terms must hold, ! before one negates it'),
      mark: 'heading',
    },
    ...filterGrammar.flatMap(({form, meaning}) => entryLines(form, meaning, TERM_WIDTH, columns)),
    line(''),
    {...line(' If you come from'), mark: 'heading'},
    ...NEIGHBOURS.flatMap(([name, text]) => entryLines(name, text, KEYS_WIDTH, columns)),
  ];
}

/** Why a figure of processes is n/a now. */
function columnReason({id, isOfProcess}: Column, {shown}: State): string {
  const {whyNot, whyNotIo} = shown?.reading.processes ?? NO_PROCESSES;
  const why = id === 'read' || id === 'write' ? (whyNot ?? whyNotIo) : whyNot;
  return isOfProcess && why !== null ? ` · n/a now: ${why}` : '';
}

/** Why a meter is n/a now. */
function reason(meter: Meter, {shown}: State): string {
  const value = shown === null ? null : readMeter(meter, shown);
  return value?.type === 'not-available' ? ` · n/a now: ${value.reason}` : '';
}

function entryLines(name: string, text: string, nameWidth: number, columns: number): readonly Line[] {
  const isLong = name.length >= nameWidth;
  const indent = ' '.repeat(nameWidth + 1);
  const wrapped = wrapText(text, Math.max(10, columns - nameWidth - 2));
  const rest = wrapped.slice(isLong ? 0 : 1).map(part => line(`${indent}${part}`));
  const first: Line = {
    spans: [span(` ${name.padEnd(nameWidth)}`, 'key'), span(isLong ? '' : (wrapped[0] ?? ''))],
  };
  return [first, ...rest];
}
