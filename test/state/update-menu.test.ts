import {describe, expect, test} from 'vitest';
import {COLUMNS} from '../../source/model/columns.ts';
import {sortOf} from '../../source/state/table-rows.ts';
import {BLOCKED, background, hidden, running, snapshot} from '../helpers/snapshots.ts';
import {
  collect,
  messageOf,
  modeOf,
  pidsOf,
  press,
  pressed,
  regionTexts,
  stateWith,
} from '../helpers/states.ts';

const MENUS = ['f6', 'u', 'D', 'f9'] as const;

describe('a menu', () => {
  test.each(MENUS)('of %s is closed by Esc and q, and nothing has changed', opener => {
    const before = stateWith(BLOCKED);
    for (const key of ['escape', 'q']) {
      const {state, commands} = pressed(before, opener, key);
      expect([state.mode, state.user, state.database, sortOf(state), commands]).toEqual([
        {type: 'browse'},
        null,
        null,
        sortOf(before),
        [],
      ]);
    }
  });

  test.each(MENUS)('of %s is left by Ctrl-C and F10, which quit', opener => {
    for (const key of ['ctrl+c', 'f10'])
      expect(pressed(stateWith(), opener, key).commands).toEqual([{type: 'quit'}]);
  });

  test('is walked with the arrows, and stops at both ends', () => {
    const at = (...keys: readonly string[]) =>
      modeOf(press(stateWith(), 'f6', 'home', ...keys), 'menu').index;
    const last = COLUMNS.length - 1;
    expect([
      at(),
      at('up'),
      at('down'),
      at('end'),
      at('end', 'down'),
      at('pagedown', 'pagedown', 'pagedown'),
    ]).toEqual([0, 0, 1, last, last, last]);
    expect([at('end', 'pageup'), at('end', 'home')]).toEqual([last - 8, 0]);
  });

  test('jumps to the next entry that begins with a letter, round the end', () => {
    const at = (...keys: readonly string[]) => {
      const {entries, index} = modeOf(press(stateWith(), 'f6', 'home', ...keys), 'menu');
      return entries[index]?.label;
    };
    expect([at('u'), at('x'), at('x', 'x'), at('X', 'x', 'x'), at('7')]).toEqual([
      'USER',
      'XID',
      'XMIN',
      'XID',
      'PID',
    ]);
  });

  test('does not change under the hand when new data come', () => {
    const open = press(stateWith(BLOCKED), 'u', 'down');
    expect(collect(open, snapshot()).mode).toEqual(open.mode);
  });
});

describe('the sort menu', () => {
  test('offers every column, the present one chosen', () => {
    const {entries, index} = modeOf(press(stateWith(), 'f6'), 'menu');
    expect(entries.map(({value}) => value)).toEqual(COLUMNS.map(({id}) => id));
    expect(entries[index]?.value).toBe('time');
  });

  test.each([
    ['U', {column: 'user', descending: false}],
    ['B', {column: 'blk', descending: true}],
    ['P', {column: 'pid', descending: false}],
  ])('sorts with %s and Enter by %j', (letter, sort) => {
    expect(sortOf(press(stateWith(), 'f6', letter, 'enter'))).toEqual(sort);
  });

  test('reverses the column that is chosen again', () => {
    expect(sortOf(press(stateWith(), 'f6', 'enter'))).toEqual({column: 'time', descending: false});
  });
});

describe('the menu of users and databases', () => {
  const data = snapshot({
    backends: [
      running(1, 9, {usename: 'carol'}),
      running(2, 8, {usename: 'bob', datname: 'bank'}),
      running(3, 7, {usename: 'bob'}),
      background(4, 'checkpointer'),
      hidden(5),
    ],
  });

  test('offers each that is there, sorted, with how many sessions it has', () => {
    const labels = (opener: string) =>
      modeOf(press(stateWith(data), opener), 'menu').entries.map(({label}) => label);
    expect(labels('u')).toEqual(['any user', 'alice (1)', 'bob (2)', 'carol (1)']);
    expect(labels('D')).toEqual(['any database', 'bank (1)', 'shop (3)']);
  });

  test('shows only the sessions of the choice, says so, and goes on with it chosen', () => {
    const state = press(stateWith(data), 'u', 'b', 'enter');
    expect([pidsOf(state), messageOf(state)]).toEqual([[2, 3], expect.stringContaining('user bob')]);
    expect(modeOf(press(state, 'u'), 'menu').index).toBe(2);
    expect(pidsOf(press(state, 'u', 'home', 'enter'))).toEqual([1, 2, 3, 5]);
  });

  test('narrows by user and database together', () => {
    expect(pidsOf(press(stateWith(data), 'u', 'b', 'enter', 'D', 'b', 'enter'))).toEqual([2]);
  });

  test('is cleared by Esc', () => {
    const state = press(stateWith(data), 'u', 'b', 'enter', 'escape');
    expect([state.user, pidsOf(state).length]).toEqual([null, 4]);
  });

  test('offers anybody while there are no sessions', () => {
    expect(modeOf(press(stateWith(snapshot()), 'u'), 'menu').entries).toHaveLength(1);
  });
});

describe('a menu longer than its room', () => {
  const users = Array.from({length: 40}, (_, index) =>
    running(index + 1, 1, {usename: `user${String(index).padStart(2, '0')}`}),
  );
  const state = press(stateWith(snapshot({backends: users}), {columns: 80, rows: 24}), 'u');

  test.each([0, 1, 7, 20, 39, 40])(
    'shows the chosen one after %d steps, marked, and how many there are',
    steps => {
      const lines = regionTexts(press(state, ...Array.from({length: steps}, () => 'down')), 'dialog');
      expect(lines.filter(text => text.startsWith(' >'))).toHaveLength(1);
      expect([lines.length, lines[0]]).toEqual([11, expect.stringContaining(`${steps + 1} of 41`)]);
      expect(lines.every(text => text !== '')).toBe(true);
    },
  );
});
