import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import type {SignalOutcome} from '../../source/model/signal.ts';
import type {State} from '../../source/state/state.ts';
import {update} from '../../source/state/update.ts';
import {outcomeMessage, terminateStatementFor} from '../../source/state/update-signal.ts';
import {session} from '../helpers/builders.ts';
import {heldPrepared, wanted} from '../helpers/locks.ts';
import {
  BLOCKED,
  background,
  hidden,
  NOW,
  preparedXact,
  QUIET,
  running,
  SECOND,
  snapshot,
} from '../helpers/snapshots.ts';
import {
  collect,
  dispatched,
  messageOf,
  modeOf,
  pidsOf,
  press,
  pressed,
  stateWith,
} from '../helpers/states.ts';

/** The target of the session that runs longest in QUIET, and so stands first. */
const TARGET = {pid: 103, backendStart: NOW - 3600 * SECOND, queryStart: NOW - 300 * SECOND};

const only = (differences: Partial<Backend>) => stateWith(snapshot({backends: [running(7, 5, differences)]}));

describe('a key that signals', () => {
  test.each([
    ['k', 'terminate'],
    ['K', 'terminate'],
    ['c', 'cancel'],
    ['C', 'cancel'],
  ])('%s asks before it would %s', (name, action) => {
    const {state, commands} = pressed(stateWith(), name);
    expect(commands).toEqual([]);
    expect(modeOf(state, 'confirm')).toMatchObject({action, target: TARGET, openedBy: name});
  });

  test('F9 offers both, and its choice only opens the dialog', () => {
    for (const [keys, action] of [
      [['f9', 'enter'], 'cancel'],
      [['f9', 'down', 'enter'], 'terminate'],
      [['f9', 't', 'enter'], 'terminate'],
    ] as const) {
      const {state, commands} = pressed(stateWith(), ...keys);
      expect([modeOf(state, 'confirm').action, commands]).toEqual([action, []]);
    }
  });

  test('is meant for the session under the cursor of the panel that has the focus', () => {
    const state = stateWith(BLOCKED);
    expect(modeOf(press(state, 'down', 'k'), 'confirm').target.pid).toBe(202);
    expect(modeOf(press(state, 'tab', 'down', 'down', 'k'), 'confirm').target.pid).toBe(203);
  });

  test('is meant for the session that is inspected, wherever the cursor would be by now', () => {
    const inspecting = press(stateWith(QUIET), 'down', 'enter');
    const moved = collect(inspecting, snapshot({backends: [running(999, 900), running(102, 21)]}));
    expect(modeOf(press(moved, 'k'), 'confirm').target.pid).toBe(102);
  });

  test('does nothing in help', () => {
    expect(press(stateWith(), 'f1', 'k', 'c', 'f9').mode.type).toBe('help');
  });
});

describe('a session that cannot be signalled', () => {
  const prepared = snapshot({
    backends: [running(2, 1)],
    locks: [heldPrepared(812), wanted(2, NOW)],
    preparedXacts: [preparedXact(812)],
  });

  test.each<[string, State, readonly string[], string]>([
    ['idle, for c', press(only({state: 'idle'}), 'i'), ['c'], '7 is idle: nothing to cancel.'],
    [
      'idle in transaction, for c',
      only({state: 'idle in transaction'}),
      ['c'],
      'nothing to cancel, its locks stay.',
    ],
    ['aborted, for c', only({state: 'idle in transaction (aborted)'}), ['c'], 'nothing to cancel'],
    [
      'idle in transaction, for the menu',
      only({state: 'idle in transaction'}),
      ['f9', 'enter'],
      'nothing to cancel',
    ],
    ['hidden', stateWith(snapshot({backends: [hidden(7)]})), ['k'], 'Ask for pg_read_all_stats'],
    [
      'a background process',
      press(stateWith(snapshot({backends: [background(7, 'checkpointer')]})), '5'),
      ['k'],
      '7 is a checkpointer',
    ],
    ['not there', stateWith(snapshot()), ['k'], 'There is no session under the cursor.'],
    ['a prepared transaction', stateWith(prepared), ['tab', 'k'], "ROLLBACK PREPARED 'payout'"],
    ['inspected and has ended', collect(press(only({}), 'enter'), snapshot()), ['k'], '7 has ended already.'],
  ])('since it is %s, is explained instead', (_, state, keys, words) => {
    const {state: next, commands} = pressed(state, ...keys);
    expect(messageOf(next)).toContain(words);
    expect([next.mode.type === 'confirm', commands]).toEqual([false, []]);
  });

  test.each(['idle', 'idle in transaction', 'idle in transaction (aborted)'])(
    'since it is %s can be terminated',
    state => {
      expect(modeOf(press(press(only({state}), '5'), 'k'), 'confirm').action).toBe('terminate');
    },
  );
});

describe('with --read-only', () => {
  const reading = stateWith(BLOCKED, {options: {isReadOnly: true}});

  test.each(['c', 'C', 'k', 'K', 'f9', 'enter k', 'enter f9', 'tab c'])(
    'the keys %s open nothing and say why',
    keys => {
      const {state, commands} = pressed(reading, ...keys.split(' '));
      expect(messageOf(state)).toContain('--read-only');
      expect([
        ['confirm', 'menu'].includes(state.mode.type),
        commands.some(({type}) => type === 'signal'),
      ]).toEqual([false, false]);
    },
  );

  test('no intent opens a dialog either, nor a choice of the menu', () => {
    const asked = dispatched(reading, {type: 'signal-asked', action: 'terminate'});
    const chosen = press(dispatched(reading, {type: 'menu-opened', menu: 'signal'}), 'enter');
    expect([asked.mode.type, chosen.mode.type]).toEqual(['browse', 'browse']);
  });

  test('a dialog that is open all the same does nothing on y', () => {
    const open = press(stateWith(BLOCKED), 'k');
    const state = {...open, options: {...open.options, isReadOnly: true}};
    expect(pressed(state, 'y').commands).toEqual([]);
  });
});

describe('the outcome of a signal', () => {
  test.each<[SignalOutcome, 'good' | 'bad', string]>([
    [{type: 'ended', afterMs: 12}, 'good', '103 ended after 12 ms.'],
    [{type: 'cancelled', afterMs: 3}, 'good', '103: query cancelled after 3 ms.'],
    [{type: 'gone'}, 'bad', 'Nothing was signalled: there is no such session any more'],
    [{type: 'moved-on'}, 'bad', 'Nothing was signalled: that query of 103 has ended'],
    [{type: 'refused', message: 'permission denied'}, 'bad', '103: refused: permission denied'],
    [{type: 'still-there', afterMs: 5000}, 'bad', '103 is still there 5 s after the cancel'],
    [
      {type: 'unknown', message: 'connection lost'},
      'bad',
      'not known what came of the cancel: connection lost',
    ],
  ])('%j is told', (outcome, kind, words) => {
    const message = outcomeMessage('cancel', TARGET, outcome);
    expect([message.kind, message.text]).toEqual([kind, expect.stringContaining(words)]);
  });

  test('ends the waiting for it, asks for fresh data and is shown', () => {
    const sent = press(stateWith(), 'k', 'y');
    const {action, target} = sent.pending[0] ?? {action: 'cancel' as const, target: TARGET};
    const [state, command] = update(sent, {
      type: 'signal-finished',
      action,
      target,
      outcome: {type: 'ended', afterMs: 9},
    });
    expect([state.pending, command, messageOf(state)]).toEqual([
      [],
      {type: 'refresh'},
      '103 ended after 9 ms.',
    ]);
  });

  test('of one signal leaves the other pending', () => {
    const sent = press(stateWith(), 'k', 'y', 'down', 'k', 'y');
    const [first, second] = sent.pending;
    if (first === undefined) throw new Error('nothing is pending');
    const state = dispatched(sent, {type: 'signal-finished', ...first, outcome: {type: 'gone'}});
    expect(state.pending).toEqual([second]);
  });
});

test('the copied statement terminates exactly this session, to the microsecond', () => {
  expect(terminateStatementFor(session({backend: {pid: 7, backendStart: NOW + 1}}))).toBe(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = 7 AND backend_start = '2026-09-21T14:13:20.000001Z';",
  );
});

test('signals leave the rows and the cursor as they were', () => {
  const before = stateWith(QUIET);
  const state = press(before, 'down', 'k', 'n');
  expect([pidsOf(state), state.tableCursor.index]).toEqual([pidsOf(before), 1]);
});
