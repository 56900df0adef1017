import {describe, expect, test} from 'vitest';
import {VIEWS} from '../../source/model/views.ts';
import {footerLines} from '../../source/state/footer-lines.ts';
import {keyRows, keysLabel} from '../../source/state/key-lines.ts';
import {
  BINDINGS,
  bindingFor,
  type KeyContext,
  type KeyScheme,
  keyLabel,
  keysOf,
} from '../../source/state/key-table.ts';
import type {Mode} from '../../source/state/mode.ts';
import {BLOCKED} from '../helpers/snapshots.ts';
import {messageOf, press, pressed, regionTexts, stateWith} from '../helpers/states.ts';

const SCHEMES: readonly KeyScheme[] = ['default', 'vim'];
const CONTEXTS: readonly KeyContext[] = ['browse', 'inspect', 'help'];

describe.each(SCHEMES)('in the %s scheme', scheme => {
  test.each(CONTEXTS)('no key is bound twice while in %s', context => {
    const keys = BINDINGS.filter(({contexts}) => contexts.includes(context)).flatMap(binding =>
      keysOf(binding, scheme),
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('every binding has a key, a place where it works, and a description', () => {
    for (const binding of BINDINGS) {
      expect(keysOf(binding, scheme)).not.toEqual([]);
      expect(binding.contexts).not.toEqual([]);
      expect(binding.description).not.toBe('');
    }
  });

  test('a key means one thing wherever it works', () => {
    const keys = new Set(BINDINGS.flatMap(binding => keysOf(binding, scheme)));
    for (const key of keys)
      expect(BINDINGS.filter(binding => keysOf(binding, scheme).includes(key))).toHaveLength(1);
  });

  test('every key that help prints finds its binding', () => {
    for (const binding of BINDINGS) {
      for (const key of keysOf(binding, scheme))
        expect(bindingFor({type: 'browse'}, key, scheme)).toBe(binding);
    }
  });
});

describe('the keys of the contract', () => {
  const does = (key: string, scheme: KeyScheme = 'default') =>
    bindingFor({type: 'browse'}, key, scheme)?.intent;

  test.each([
    ['up', {type: 'cursor-moved', step: 'up'}],
    ['down', {type: 'cursor-moved', step: 'down'}],
    ['pageup', {type: 'cursor-moved', step: 'page-up'}],
    ['ctrl+b', {type: 'cursor-moved', step: 'page-up'}],
    ['pagedown', {type: 'cursor-moved', step: 'page-down'}],
    ['ctrl+f', {type: 'cursor-moved', step: 'page-down'}],
    ['home', {type: 'cursor-moved', step: 'first'}],
    ['g', {type: 'cursor-moved', step: 'first'}],
    ['end', {type: 'cursor-moved', step: 'last'}],
    ['G', {type: 'cursor-moved', step: 'last'}],
    ['c', {type: 'signal-asked', action: 'cancel'}],
    ['C', {type: 'signal-asked', action: 'cancel'}],
    ['k', {type: 'signal-asked', action: 'terminate'}],
    ['K', {type: 'signal-asked', action: 'terminate'}],
    ['f9', {type: 'menu-opened', menu: 'signal'}],
    ['space', {type: 'tags-changed', by: 'session'}],
    ['U', {type: 'tags-changed', by: 'none'}],
    ['A', {type: 'tags-changed', by: 'shown'}],
    ['b', {type: 'tags-changed', by: 'branch'}],
    ['@', {type: 'action-log-opened'}],
    ['enter', {type: 'inspect-opened'}],
    ['escape', {type: 'back'}],
    ['t', {type: 'tree-toggled'}],
    ['f5', {type: 'tree-toggled'}],
    ['tab', {type: 'panel-changed'}],
    ['shift+tab', {type: 'panel-changed'}],
    ['/', {type: 'filter-opened'}],
    ['\\', {type: 'filter-opened'}],
    ['f4', {type: 'filter-opened'}],
    ['f3', {type: 'search-opened'}],
    ['n', {type: 'search-repeated', direction: 'next'}],
    ['N', {type: 'search-repeated', direction: 'previous'}],
    ['f6', {type: 'menu-opened', menu: 'sort'}],
    ['<', {type: 'sort-moved', direction: 'previous'}],
    ['>', {type: 'sort-moved', direction: 'next'}],
    ['I', {type: 'sort-reversed'}],
    ['i', {type: 'idle-toggled'}],
    ['u', {type: 'menu-opened', menu: 'user'}],
    ['D', {type: 'menu-opened', menu: 'database'}],
    ['d', {type: 'duration-cycled'}],
    ['p', {type: 'pause-toggled'}],
    ['Z', {type: 'pause-toggled'}],
    ['+', {type: 'interval-changed', direction: 'slower'}],
    ['-', {type: 'interval-changed', direction: 'faster'}],
    ['z', {type: 'interval-opened'}],
    ['w', {type: 'wrap-toggled'}],
    ['v', {type: 'layout-cycled'}],
    ['y', {type: 'query-copied'}],
    ['Y', {type: 'terminate-statement-copied'}],
    ['#', {type: 'header-cycled'}],
    ['R', {type: 'refresh-asked'}],
    ['ctrl+r', {type: 'refresh-asked'}],
    ['ctrl+l', {type: 'redraw-asked'}],
    ['f1', {type: 'help-opened'}],
    ['?', {type: 'help-opened'}],
    ['q', {type: 'left'}],
    ['f10', {type: 'quit'}],
    ['ctrl+c', {type: 'quit'}],
    ...VIEWS.map((view, index) => [String(index + 1), {type: 'view-chosen', view: view.name}] as const),
  ] as const)('%s', (key, intent) => {
    expect(does(key)).toEqual(intent);
  });

  test.each(['e', '[', ']', '{', '}'])('%s is reserved and bound to nothing', key => {
    expect(SCHEMES.map(scheme => does(key, scheme))).toEqual([undefined, undefined]);
  });
});

describe('j', () => {
  test('says in the default scheme that --keys vim exists, and moves nothing', () => {
    const before = stateWith();
    const {state, commands} = pressed(before, 'j');
    expect(messageOf(state)).toContain('--keys vim');
    expect([state.tableCursor, state.mode, commands]).toEqual([before.tableCursor, before.mode, []]);
  });

  test('does not stand in help', () => {
    expect(keyRows('default').some(({keys}) => keys.split(' ').includes('j'))).toBe(false);
  });

  test('moves down in the vim scheme, and k up again', () => {
    const state = stateWith(BLOCKED, {options: {keys: 'vim'}});
    expect([press(state, 'j', 'j', 'k').tableCursor.index, press(state, 'k').mode.type]).toEqual([
      1,
      'browse',
    ]);
  });

  test('scrolls in the vim scheme what is inspected, which k does not terminate', () => {
    const state = press(stateWith(BLOCKED, {columns: 80, rows: 10, options: {keys: 'vim'}}), 'enter');
    expect(press(state, 'j', 'j', 'k').mode).toMatchObject({type: 'inspect', scroll: 1});
  });
});

test('in the vim scheme K terminates and c and C cancel', () => {
  const state = stateWith(BLOCKED, {options: {keys: 'vim'}});
  for (const [key, action] of [
    ['K', 'terminate'],
    ['c', 'cancel'],
    ['C', 'cancel'],
  ] as const)
    expect(press(state, 'down', key).mode).toMatchObject({type: 'confirm', batch: {action}});
});

test.each<Mode>([
  {type: 'filter-prompt', text: '', caret: 0},
  {type: 'search-prompt', text: '', caret: 0},
  {type: 'interval-prompt', text: '', caret: 0},
  {type: 'menu', menu: 'sort', index: 0, entries: [], returnTo: {type: 'browse'}},
])('in $type the key table has no say', mode => {
  for (const key of ['k', 'c', 'q', 'f9']) expect(bindingFor(mode, key, 'default')).toBeUndefined();
});

describe('the function bar', () => {
  const barOf = (state: ReturnType<typeof stateWith>) => regionTexts(state, 'footer').at(-1) ?? '';

  test.each(SCHEMES)('names only keys that do what they say, in the %s scheme', scheme => {
    for (const binding of BINDINGS.filter(({bar}) => bar !== undefined)) {
      const [key = ''] = keysOf(binding, scheme);
      expect(barOf(stateWith(BLOCKED, {options: {keys: scheme}}))).toContain(
        `${keyLabel(key)} ${binding.bar}`,
      );
      expect(bindingFor({type: 'browse'}, key, scheme)).toBe(binding);
    }
  });

  test('greys with --read-only what cannot be done', () => {
    const [, bar] = footerLines(stateWith(BLOCKED, {options: {isReadOnly: true}}));
    const toneOf = (word: string) => bar?.spans.find(({text}) => text.trim() === word)?.tone;
    expect([toneOf('Cancel'), toneOf('Kill'), toneOf('Tree')]).toEqual(['dim', 'dim', 'plain']);
  });

  test('names K for the vim scheme', () => {
    expect(barOf(stateWith(BLOCKED, {options: {keys: 'vim'}}))).toContain('K Kill');
  });

  test.each([
    [['/'], 'Enter'],
    [['f3'], 'Enter'],
    [['z'], 'Enter'],
    [['f6'], 'Enter'],
    [['k'], 'y terminate'],
    [['down', 'c'], 'y cancel'],
    [['f1'], 'Esc q back'],
    [['enter'], 'Esc back'],
  ] as const)('after %j says %s', (keys, words) => {
    expect(barOf(press(stateWith(BLOCKED), ...keys))).toContain(words);
  });

  test('names every key of the dialog that is open, and none that does nothing there', () => {
    expect(barOf(press(stateWith(), 'k')).trim()).toBe('y terminate n Esc close');
  });
});

describe('keyLabel', () => {
  test.each([
    ['f9', 'F9'],
    ['f10', 'F10'],
    ['ctrl+l', 'Ctrl-L'],
    ['pageup', 'PgUp'],
    ['up', '↑'],
    ['shift+tab', 'S-Tab'],
    ['escape', 'Esc'],
    ['space', 'Space'],
    ['f', 'f'],
    ['K', 'K'],
    ['\\', '\\'],
  ])('writes %s as %s', (key, label) => {
    expect(keyLabel(key)).toBe(label);
  });
});

test('keysLabel joins the keys of a binding as help prints them', () => {
  const filter = BINDINGS.find(({intent}) => intent.type === 'filter-opened');
  expect(filter && keysLabel(filter, 'default')).toBe('/ \\ F4');
});

test('keyRows has a row for each binding, in the order of the table', () => {
  expect(keyRows('default').map(({description}) => description)).toEqual(
    BINDINGS.map(({description}) => description),
  );
  expect(keyRows('vim').find(({description}) => description.startsWith('terminate'))?.keys).toBe('K');
});
