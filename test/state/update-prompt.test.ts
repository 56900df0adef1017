import {describe, expect, test} from 'vitest';
import {activeFilter} from '../../source/state/update-prompt.ts';
import {BLOCKED, QUIET, running, snapshot} from '../helpers/snapshots.ts';
import {
  collect,
  dispatched,
  messageOf,
  modeOf,
  pidsOf,
  press,
  pressed,
  regionTexts,
  stateWith,
  write,
} from '../helpers/states.ts';

const filtering = (text: string) => write(press(stateWith(BLOCKED), '/'), text);

describe('the filter', () => {
  test('holds while it is typed', () => {
    const counts = ['', 'u', 'user:b', 'user:bob'].map(text => pidsOf(filtering(text)).length);
    expect(counts).toEqual([5, 2, 1, 1]);
  });

  test('stays in force after Enter, and the status line says so', () => {
    const state = press(filtering('user:bob'), 'enter');
    expect([state.mode.type, pidsOf(state), messageOf(state)]).toEqual([
      'browse',
      [202],
      expect.stringContaining('filter user:bob'),
    ]);
  });

  test('is cleared by Esc in the prompt, and by Esc later', () => {
    const kept = press(filtering('user:bob'), 'enter');
    for (const state of [press(filtering('user:bob'), 'escape'), press(kept, 'escape')])
      expect([state.filter, pidsOf(state).length, state.mode.type]).toEqual([null, 5, 'browse']);
  });

  test('holds for the sessions of the next refresh too', () => {
    const state = collect(
      press(filtering('db:shop'), 'enter'),
      snapshot({backends: [running(1, 1), running(2, 2, {datname: 'bank'})]}),
    );
    expect(pidsOf(state)).toEqual([1]);
  });

  test('leaves the last good one in force while there is a mistake, and shows where it is', () => {
    const state = filtering('user:bob !foo:1');
    expect(pidsOf(state)).toEqual([202]);
    const [prompt = '', mistake = ''] = regionTexts(state, 'footer');
    expect(mistake.indexOf('^')).toBe(prompt.indexOf('foo'));
    expect(mistake.trim().length).toBeGreaterThan(1);
  });

  test('with a mistake keeps the prompt open on Enter', () => {
    expect(press(filtering('user:bob foo:1'), 'enter').mode.type).toBe('filter-prompt');
  });

  test('that is emptied hides nothing', () => {
    const state = press(filtering('user:bob'), 'ctrl+u');
    expect([state.filter, pidsOf(state).length]).toEqual([null, 5]);
  });

  test('is there to be edited when the prompt opens again', () => {
    const state = press(filtering('user:bob'), 'enter', '/');
    expect(modeOf(state, 'filter-prompt')).toMatchObject({text: 'user:bob', caret: 8});
    expect(pidsOf(press(state, 'enter'))).toEqual([202]);
  });

  test('keeps the cursor on its session when other rows go', () => {
    const state = write(press(stateWith(BLOCKED), 'down', 'down', 'down', '/'), 'waiting');
    expect([pidsOf(state), state.tableCursor.index]).toEqual([[202, 203, 204], 2]);
  });

  test.each(['q', 'k', 'j', 'c', '1', '?', 'p', 'y'])('takes the key %s as text', key => {
    const {state, commands} = pressed(press(stateWith(), '/'), key);
    expect([modeOf(state, 'filter-prompt').text, commands]).toEqual([key, []]);
  });
});

describe('activeFilter', () => {
  test('is null for nothing but spaces, undefined for a mistake', () => {
    expect([activeFilter('  '), activeFilter('foo:1')]).toEqual([null, undefined]);
  });

  test('has the text without the spaces around it', () => {
    expect(activeFilter(' waiting ')?.text).toBe('waiting');
  });
});

describe('the search', () => {
  const searching = (text: string) => write(press(stateWith(BLOCKED), 'f3'), text);
  const at = (state: ReturnType<typeof stateWith>) => pidsOf(state)[state.tableCursor.index];

  test('moves the cursor while it is typed, and hides nothing', () => {
    const state = searching('update');
    expect([at(state), pidsOf(state).length, state.filter]).toEqual([204, 5, null]);
  });

  test('does not move on while the row still matches', () => {
    expect(['s', 'se', 'sel', 'select * '].map(text => at(searching(text)))).toEqual([201, 201, 201, 201]);
  });

  test('goes on with n and back with N, round both ends', () => {
    const kept = press(searching('orders'), 'enter');
    const places = [[], ['n'], ['n', 'n'], ['n', 'n', 'n'], ['n', 'n', 'n', 'n'], ['N'], ['N', 'N']].map(
      keys => at(press(kept, ...keys)),
    );
    expect(places).toEqual([201, 202, 203, 204, 201, 204, 203]);
  });

  test('is closed by Esc without forgetting the search before', () => {
    const first = press(searching('update'), 'enter', 'home', 'f3');
    expect(press(write(first, 'alter'), 'escape')).toMatchObject({mode: {type: 'browse'}, search: 'update'});
  });

  test('says what occurs nowhere, and stays', () => {
    const state = searching('~nonsense');
    expect([at(state), state.message?.text]).toEqual([
      201,
      expect.stringContaining('"~nonsense" occurs in no row'),
    ]);
  });

  test('asks for one before n goes anywhere', () => {
    expect(messageOf(press(stateWith(), 'n'))).toContain('F3');
  });

  test('of an empty table finds nothing', () => {
    expect(write(press(stateWith(snapshot()), 'f3'), 'x').tableCursor.key).toBeNull();
  });

  test('leaves the tree for the table', () => {
    expect(write(press(stateWith(BLOCKED), 'tab', 'f3'), 'update').focus).toBe('table');
  });
});

describe('the interval', () => {
  test.each([
    ['2', 2000],
    ['0.2', 200],
    ['0,5', 500],
    ['60', 60_000],
    [' 1.5 ', 1500],
  ])('typed as %j is %d ms', (text, intervalMs) => {
    const {state, commands} = pressed(write(press(stateWith(), 'z'), text), 'enter');
    expect([state.intervalMs, state.mode.type, commands]).toEqual([
      intervalMs,
      'browse',
      [{type: 'set-interval', intervalMs}],
    ]);
  });

  test.each(['0', '0.19', '61', '-1', 'fast', '1s', '1e9', 'NaN', 'Infinity'])('is not taken as %s', text => {
    const {state, commands} = pressed(write(press(stateWith(), 'z'), text), 'enter');
    expect([state.intervalMs, state.mode.type, commands]).toEqual([1000, 'interval-prompt', []]);
    expect(regionTexts(state, 'footer')[0]).toContain('0.2 to 60');
  });

  test.each(['enter', '5 escape'])('stays after %s', keys => {
    const {state, commands} = pressed(press(stateWith(), 'z'), ...keys.split(' '));
    expect([state.intervalMs, state.mode.type, commands]).toEqual([1000, 'browse', []]);
  });
});

describe('in every prompt', () => {
  test.each([['/'], ['f3'], ['z']])('that %s opened, Ctrl-C and F10 quit', opener => {
    for (const key of ['ctrl+c', 'f10'])
      expect(pressed(press(stateWith(), opener), key).commands).toEqual([{type: 'quit'}]);
  });

  test.each([['/'], ['f3'], ['z']])(
    'that %s opened, pasted text goes in at the caret, and does nothing else',
    opener => {
      const state = press(write(press(stateWith(), opener), 'ab'), 'left');
      const pasted = dispatched(state, {type: 'text-pasted', text: 'x\ny\u001b[2Jz'});
      expect(pasted.mode).toMatchObject({type: state.mode.type, text: 'ax y␛[2Jzb', caret: 9});
    },
  );
});

test.each([[[]], [['enter']], [['f1']], [['f6']], [['k']]])(
  'pasted text is not taken for keys after %j',
  keys => {
    const before = press(stateWith(QUIET), ...keys);
    for (const text of ['k', 'y', 'q', 'ky\r', '\u0003']) {
      const after = dispatched(before, {type: 'text-pasted', text});
      expect({...after, message: null}).toEqual({...before, message: null});
      expect(after.message?.text).toContain('Pasted text is not taken for keys');
    }
  },
);
