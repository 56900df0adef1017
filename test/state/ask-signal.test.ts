import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import {terminateStatementFor} from '../../source/state/copy-text.ts';
import type {State} from '../../source/state/state.ts';
import {session} from '../helpers/builders.ts';
import {heldPrepared, wanted} from '../helpers/locks.ts';
import {
  BLOCKED,
  background,
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
const TARGET = {
  kind: 'session',
  pid: 103,
  backendStart: NOW - 3600 * SECOND,
  queryStart: NOW - 300 * SECOND,
};

const pidOf = (state: State) => modeOf(state, 'confirm').batch.targets[0]?.target.pid;

const only = (differences: Partial<Backend>) => stateWith(snapshot({backends: [running(7, 5, differences)]}));

describe('a key that signals', () => {
  test.each([
    ['k', 'terminate'],
    ['K', 'terminate'],
    ['c', 'cancel'],
    ['C', 'cancel'],
  ])('%s asks before it would %s', (name, action) => {
    const {state, commands} = pressed(stateWith(), name);
    expect(commands).toEqual([{type: 'check-audit-log'}]);
    expect(modeOf(state, 'confirm')).toMatchObject({
      batch: {action, targets: [{target: TARGET}], skipped: []},
      openedBy: name,
    });
  });

  test('F9 offers both, and its choice only opens the dialog', () => {
    for (const [keys, action] of [
      [['f9', 'enter'], 'cancel'],
      [['f9', 'down', 'enter'], 'terminate'],
      [['f9', 't', 'enter'], 'terminate'],
    ] as const) {
      const {state, commands} = pressed(stateWith(), ...keys);
      expect([modeOf(state, 'confirm').batch.action, commands]).toEqual([
        action,
        [{type: 'check-audit-log'}],
      ]);
    }
  });

  test('is meant for the session under the cursor of the panel that has the focus', () => {
    const state = stateWith(BLOCKED);
    expect(pidOf(press(state, 'down', 'k'))).toBe(202);
    expect(pidOf(press(state, 'tab', 'down', 'down', 'k'))).toBe(203);
  });

  test('is meant for what the inspected session does now, after a dialog stood before its page', () => {
    const dialog = press(stateWith(QUIET), 'enter', 'k');
    const later = collect(dialog, snapshot({backends: [running(103, 0)]}));
    const {targets} = modeOf(press(later, 'escape', 'c'), 'confirm').batch;
    expect(targets).toMatchObject([{target: {pid: 103, queryStart: NOW}}]);
    expect(messageOf(press(collect(dialog, snapshot()), 'escape', 'k'))).toContain('103 has ended already.');
  });

  test('is meant for the session that is inspected, wherever the cursor would be by now', () => {
    const inspecting = press(stateWith(QUIET), 'down', 'enter');
    const moved = collect(inspecting, snapshot({backends: [running(999, 900), running(102, 21)]}));
    expect(pidOf(press(moved, 'k'))).toBe(102);
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
      expect(modeOf(press(press(only({state}), '5'), 'k'), 'confirm').batch.action).toBe('terminate');
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
