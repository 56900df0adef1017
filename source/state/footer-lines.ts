import {DIMENSIONS} from '../model/dimensions.ts';
import {DURATION_TITLES} from '../model/duration-mode.ts';
import {isTooSlow, SLOW_FILTER} from '../model/filter/filter-sessions.ts';
import {parseFilter} from '../model/filter/parse-filter.ts';
import {textWidth} from '../model/text-width.ts';
import {cursorIndex} from './cursor.ts';
import {groupRows} from './group-rows.ts';
import {BINDINGS, type Binding, keyLabel, keysOf} from './key-table.ts';
import {type Line, line, type Span, span} from './line.ts';
import {loadRows} from './load-rows.ts';
import type {Mode} from './mode.ts';
import {rowKeys} from './row-keys.ts';
import {contentHeight, pageHeight, scrollOf} from './scroll.ts';
import type {State} from './state.ts';
import {durationOf, sortOf, tableRows, viewOf} from './table-rows.ts';
import {firstGrapheme} from './text-field.ts';
import {isSending} from './update-batch.ts';

/** The two last lines: the prompt, the message or what the table shows, and the keys that work now. */
export function footerLines(state: State): readonly Line[] {
  return [messageLine(state), barLine(state)];
}

function messageLine(state: State): Line {
  const {mode, message} = state;
  if (mode.type === 'filter-prompt' || mode.type === 'search-prompt' || mode.type === 'interval-prompt') {
    return promptLine(mode, state);
  }
  if (message !== null) {
    return line(
      ` ${message.text}`,
      message.kind === 'note' ? 'strong' : message.kind === 'good' ? 'good' : 'danger',
    );
  }
  return mode.type === 'help' || mode.type === 'inspect' || mode.type === 'action-log'
    ? pageLine(state, mode)
    : {spans: statusSpans(state)};
}

/** Which part of a page is on screen. */
function pageLine(state: State, mode: Extract<Mode, {type: 'help' | 'inspect' | 'action-log'}>): Line {
  const height = contentHeight(state, mode);
  const first = scrollOf(state, mode);
  const last = Math.min(height, first + pageHeight(state));
  return line(last - first < height ? ` lines ${first + 1} to ${last} of ${height}` : '', 'dim');
}

const PROMPTS = {
  'filter-prompt': 'Filter: ',
  'search-prompt': 'Search: ',
  'interval-prompt': 'Seconds between refreshes (0.2 to 60): ',
} as const;

type Prompt = Extract<Mode, {type: keyof typeof PROMPTS}>;

function promptLine(mode: Prompt, state: State): Line {
  const {title, before, at, after} = promptParts(mode, state);
  const {message} = state;
  return {
    spans: [
      span(title, 'dim'),
      span(before),
      span(at, 'key'),
      span(after),
      ...(message === null ? [] : [span(` ${message.text}`, 'danger')]),
    ],
  };
}

/** A prompt as it is on the line: what is under the caret stays in sight when the text is longer than the line. */
function promptParts(mode: Prompt, {columns}: State) {
  const title = ` ${PROMPTS[mode.type]}`;
  const at = firstGrapheme(mode.text.slice(mode.caret)) ?? ' ';
  const room = Math.max(8, columns - title.length - textWidth(at));
  let before = mode.text.slice(0, mode.caret);
  while (textWidth(before) > room) before = before.slice(firstGrapheme(before)?.length ?? 1);
  return {
    title,
    before,
    at,
    after: mode.text.slice(mode.caret + at.length),
    from: mode.caret - before.length,
  };
}

/** Where the mistake in a filter stands: a caret under its column, and what is wrong; or that it is too slow. Null while the filter can be used. */
function mistakeLine(state: State): Line | null {
  const {mode} = state;
  if (mode.type !== 'filter-prompt') return null;
  const parsed = parseFilter(mode.text);
  if (parsed.ok)
    return state.filter !== null && isTooSlow(state.filter.filter) ? line(` ${SLOW_FILTER}`, 'danger') : null;
  const {title, from} = promptParts(mode, state);
  const column = title.length + textWidth(mode.text.slice(from, Math.max(from, parsed.column)));
  const isRightOf = column + parsed.message.length + 2 > state.columns;
  // A message that does not fit behind the caret stands in front of it.
  const text =
    isRightOf && column > parsed.message.length + 2
      ? `${`${parsed.message} `.padStart(column)}^`
      : `${' '.repeat(column)}^ ${parsed.message}`;
  return line(text, 'danger');
}

/** What the middle of the screen shows, how many rows there are, which one the cursor is on, and their order. */
function placeOf(state: State): {title: string; count: number; index: number; by: string} {
  if (state.main === 'groups') {
    const keys = rowKeys(groupRows(state));
    const title = `groups by ${DIMENSIONS[state.groupBy].title}`;
    const index = cursorIndex(state.groupCursor, keys);
    return {title, count: keys.length, index, by: state.groupSort.column};
  }
  if (state.main === 'load') {
    const keys = rowKeys(loadRows(state));
    const index = cursorIndex(state.loadCursor, keys);
    return {title: 'load', count: keys.length, index, by: 'share'};
  }
  const keys = rowKeys(tableRows(state));
  const {column} = sortOf(state);
  const by = column === 'time' ? `${DURATION_TITLES[durationOf(state)]} age` : column;
  return {
    title: viewOf(state).title,
    count: keys.length,
    index: cursorIndex(state.tableCursor, keys),
    by,
  };
}

function statusSpans(state: State): readonly Span[] {
  const {title, count, index, by} = placeOf(state);
  const narrowed = [
    ...(state.filter === null ? [] : [`filter ${state.filter.text}`]),
    ...(state.user === null ? [] : [`user ${state.user}`]),
    ...(state.database === null ? [] : [`database ${state.database}`]),
  ];
  const {size} = state.tags;
  return [
    span(` ${title}`, 'strong'),
    span(` · ${count === 0 ? 'no rows' : `${index + 1} of ${count}`} · by ${by}`, 'dim'),
    ...(size === 0 ? [] : [span(` · ${size} tagged`, 'tagged')]),
    ...(narrowed.length === 0 ? [] : [span(` · ${narrowed.join(' · ')}`, 'match')]),
  ];
}

function barLine(state: State): Line {
  const mistake = mistakeLine(state);
  if (mistake !== null) return mistake;
  return {spans: barSpans(state), mark: 'bar'};
}

function barSpans(state: State): readonly Span[] {
  const {mode} = state;
  switch (mode.type) {
    case 'filter-prompt':
      return keyWords([
        ['Enter', 'keep'],
        ['Esc', 'clear'],
      ]);
    case 'search-prompt':
      return keyWords([
        ['Enter', 'keep for n N'],
        ['Esc', 'close'],
      ]);
    case 'interval-prompt':
      return keyWords([
        ['Enter', 'set'],
        ['Esc', 'close'],
      ]);
    case 'menu':
      return keyWords([
        ['↑↓', 'choose'],
        ['Enter', 'take'],
        ...(mode.menu === 'database' ? [['F2', 'sizes'] as const] : []),
        ['Esc', mode.menu === 'database' && state.sizes.progress !== null ? 'stop' : 'close'],
      ]);
    case 'confirm':
      return keyWords([
        ['y', mode.batch.action],
        ['n Esc', 'close'],
      ]);
    case 'batch':
      return keyWords([
        ['↑↓ PgUp PgDn', 'scroll'],
        ['Esc', isSending(mode.run) ? 'stop the rest' : 'close'],
      ]);
    case 'help':
    case 'action-log':
      return keyWords([
        ['↑↓ PgUp PgDn', 'scroll'],
        ['Esc q', 'back'],
      ]);
    case 'inspect':
      return keyWords([['↑↓ PgUp PgDn', 'scroll'], ...words(state, 'inspect'), ['Esc', 'back']]);
    case 'browse':
      return keyWords(words(state, 'browse'));
    default:
      return mode satisfies never;
  }
}

/** A key on the bar with its word; `isOff` while it cannot be used. */
type KeyWord = readonly [key: string, word: string, isOff?: boolean];

/** The keys on the bar with their words. Leaving is Esc's on a page. */
function words(state: State, context: Binding['contexts'][number]): readonly KeyWord[] {
  return BINDINGS.filter(
    ({bar, contexts, intent}) =>
      bar !== undefined && contexts.includes(context) && (context === 'browse' || intent.type !== 'left'),
  ).map(binding => [
    keyLabel(keysOf(binding, state.options.keys)[0] ?? ''),
    binding.intent.type === 'inspect-opened' && isOpening(state) ? 'Open' : (binding.bar ?? ''),
    (binding.whyNot?.(state) ?? null) !== null,
  ]);
}

/** True while Enter leads to the sessions of a row instead of into one. */
function isOpening({main, focus}: State): boolean {
  return main !== 'sessions' && focus === 'table';
}

function keyWords(pairs: readonly KeyWord[]): readonly Span[] {
  return pairs.flatMap(([key, word, isOff = false]) => [
    span(' '),
    span(key, isOff ? 'dim' : 'key'),
    span(` ${word}`, isOff ? 'dim' : 'plain'),
  ]);
}
