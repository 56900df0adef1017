import {describe, expect, test} from 'vitest';
import type {Action} from '../../source/state/action.ts';
import type {State} from '../../source/state/state.ts';
import {update} from '../../source/state/update.ts';
import {NOW, QUIET, running, SECOND, snapshot} from '../helpers/snapshots.ts';
import {collect, dispatched, messageOf, modeOf, paint, press, pressed, stateWith} from '../helpers/states.ts';

/** The target of the session that runs longest in QUIET, and so stands first. */
const TARGET = {
  kind: 'session',
  pid: 103,
  backendStart: NOW - 3600 * SECOND,
  queryStart: NOW - 300 * SECOND,
};
const SESSION = QUIET.byPid.get(103);
const BATCH = {
  action: 'terminate',
  server: QUIET.reading.server,
  targets: [{session: SESSION, target: TARGET}],
  skipped: [],
};
const TERMINATE = {type: 'signal', batch: BATCH};

const key = (name: string, atMs: number): Action => ({type: 'key-pressed', key: name, atMs});

describe('the dialog', () => {
  const asking = press(stateWith(), 'k');

  test('signals on y, once, the target of the key press, and closes', () => {
    const {state, commands} = pressed(asking, 'y', 'Y', 'k', 'n');
    expect(commands.filter(({type}) => type === 'signal')).toEqual([TERMINATE]);
    expect(press(asking, 'y').mode).toEqual({type: 'browse'});
    expect(state.mode).toEqual({type: 'browse'});
    expect(messageOf(press(asking, 'y'))).toBe('Terminating 103 …');
  });

  test.each(['n', 'escape', 'q', 'k'])('is closed by %s, and says that nothing was signalled', name => {
    const {state, commands} = pressed(asking, name);
    expect([state.mode.type, commands]).toEqual(['browse', []]);
    expect(messageOf(state)).toBe('Nothing was signalled.');
  });

  test.each([
    ['c', 'c'],
    ['C', 'C'],
    ['K', 'K'],
  ])('that %s opened is closed by %s again', name => {
    expect(pressed(press(stateWith(), name), name)).toMatchObject({
      state: {mode: {type: 'browse'}},
      commands: [],
    });
  });

  test('that the menu of F9 opened is closed by F9', () => {
    expect(press(stateWith(), 'f9', 'enter', 'f9').mode.type).toBe('browse');
  });

  test.each([
    ...[
      'enter',
      'space',
      'up',
      'down',
      'left',
      'right',
      'pageup',
      'pagedown',
      'home',
      'end',
      'tab',
      'shift+tab',
    ],
    ...[
      'Y',
      'ctrl+y',
      'j',
      'c',
      'K',
      'yes',
      'f9',
      'f1',
      '?',
      '1',
      '/',
      'delete',
      'backspace',
      'ctrl+m',
      'ctrl+j',
    ],
    ...['ctrl+z', 'ctrl+l', 'R', 'ctrl+d', '\u00ff', 'ｙ', 'у', ''],
  ])('takes %j for no answer and stays', name => {
    const {state, commands} = pressed(asking, name);
    expect([state.mode, commands]).toEqual([asking.mode, []]);
  });

  test.each(['ctrl+c', 'f10'])('is left by %s, which quits', name => {
    expect(pressed(asking, name).commands).toEqual([{type: 'quit'}]);
  });

  test('takes pasted text for no answer', () => {
    for (const text of ['y', 'y\n', 'yyyy', '\ry\r']) {
      const [state, command] = update(asking, {type: 'text-pasted', text});
      expect([state.mode, command]).toEqual([asking.mode, undefined]);
    }
  });

  test('returns to the session that is inspected', () => {
    const state = press(stateWith(), 'enter', 'k');
    expect([press(state, 'n').mode.type, press(state, 'y').mode.type]).toEqual(['inspect', 'inspect']);
  });
});

describe('a key from before the dialog was on screen', () => {
  const asked = dispatched(stateWith(), key('k', 20_000));

  test('in one burst with the key that opened it never reaches it', () => {
    const [state, command] = update(asked, key('y', 20_000));
    expect([state.mode.type, command]).toEqual(['confirm', undefined]);
  });

  test.each(['y', 'n', 'escape', 'q', 'k'])(
    '%s is dropped while the dialog is not painted, however late',
    name => {
      const [state, command] = update(asked, key(name, 99_000));
      expect([state.mode, command]).toEqual([asked.mode, undefined]);
    },
  );

  test.each([
    ['before', 20_010, false],
    ['in the very moment', 20_050, false],
    ['after', 20_050.1, true],
  ])('y pressed %s it was painted acts: %s', (_, atMs, acts) => {
    const [, command] = update(paint(asked, 20_050), key('y', atMs));
    expect(command?.type).toBe(acts ? 'signal' : undefined);
  });

  test('that was dropped is not made up for by a later one', () => {
    const state = paint(dispatched(asked, key('y', 20_001), key('y', 20_002)), 20_050);
    expect(update(state, key('enter', 20_100))[1]).toBeUndefined();
  });

  test('is measured from the first time the dialog was painted', () => {
    const state = paint(paint(asked, 20_050), 20_500);
    expect(update(state, key('y', 20_400))[1]?.type).toBe('signal');
  });

  test('a frame from before the dialog was asked for does not count as its own', () => {
    const state = dispatched(paint(stateWith(), 19_000), key('k', 20_000));
    expect(update(state, key('y', 20_001))[1]).toBeUndefined();
  });

  test('a second dialog starts anew', () => {
    const second = dispatched(press(paint(asked, 20_050), 'n'), key('c', 30_000));
    const [state, command] = update(second, key('y', 30_001));
    expect([modeOf(state, 'confirm').paintedAtMs, command]).toEqual([null, undefined]);
  });
});

describe('the target of a dialog', () => {
  const asking = press(stateWith(QUIET), 'k');
  const dialog = (state: State) => update(state, key('y', state.nowMs + 100))[1];

  test.each([
    ['other sessions come above it', [running(999, 900), running(103, 300), running(102, 20)]],
    ['it ends', [running(999, 900), running(102, 20)]],
    ['its pid belongs to another session', [running(103, 1, {backendStart: NOW})]],
    ['it runs another query', [running(103, 1)]],
    ['everybody is gone', []],
  ])('stays the session of the key press when %s', (_, backends) => {
    expect(dialog(collect(asking, snapshot({backends})))).toEqual(TERMINATE);
  });

  test('stays when the terminal is resized, the clock ticks and the connection is lost', () => {
    const state = dispatched(
      asking,
      {type: 'terminal-resized', columns: 80, rows: 24},
      {type: 'clock-ticked', atMs: 12_000},
      {type: 'collection-failed', kind: 'lost', message: 'gone', retryInMs: 1000, atMs: 13_000},
      {type: 'frame-painted', atMs: 13_050},
    );
    expect(dialog(state)).toEqual(TERMINATE);
  });

  test('is the row that is shown while the data are paused', () => {
    const paused = collect(press(stateWith(QUIET), 'p'), snapshot({backends: [running(999, 900)]}));
    expect(modeOf(press(paused, 'k'), 'confirm').batch).toEqual(BATCH);
  });
});
