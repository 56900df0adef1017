import {describe, expect, test} from 'vitest';
import type {Action} from '../../source/state/action.ts';
import {update} from '../../source/state/update.ts';
import {lock} from '../helpers/locks.ts';
import {BLOCKED, NOW, QUIET, running, SECOND, snapshot} from '../helpers/snapshots.ts';
import {
  blankState,
  collect,
  dispatched,
  messageOf,
  modeOf,
  pidsOf,
  press,
  pressed,
  regionTexts,
  START_MS,
  stateWith,
} from '../helpers/states.ts';

const LATER = snapshot({collectedAt: NOW + 5 * SECOND, backends: [running(101, 1), running(999, 900)]});
const failed = (
  kind: 'lost' | 'full' | 'refused' | 'late',
  message = 'server closed the connection',
): Action => ({
  type: 'collection-failed',
  kind,
  message,
  retryInMs: 4000,
  atMs: START_MS + 2000,
});
const headerOf = (state: ReturnType<typeof stateWith>) => regionTexts(state, 'header').join('\n');

describe('new data', () => {
  test('are shown at once', () => {
    expect(pidsOf(collect(stateWith(QUIET), LATER))).toEqual([999, 101]);
  });

  test('end a lost connection', () => {
    expect(collect(dispatched(stateWith(), failed('lost')), QUIET).link).toEqual({type: 'live'});
  });

  test('leave the message that is on screen', () => {
    expect(messageOf(collect(press(stateWith(), 'd'), QUIET))).toContain('transaction');
  });

  test('change nothing of what the user chose', () => {
    const chosen = press(stateWith(BLOCKED), '5', 'd', 'v', 'w', '#', 'i');
    const {view, duration, layout, isWrapped, header, showIdle} = collect(chosen, LATER);
    expect({view, duration, layout, isWrapped, header, showIdle}).toMatchObject({
      view: 'all',
      duration: 'xact',
      layout: 'wide',
    });
    expect([isWrapped, header, showIdle]).toEqual([true, 'compact', false]);
  });
});

describe('a pause', () => {
  const paused = press(stateWith(QUIET), 'p');

  test('shows the data of the key press while newer ones come', () => {
    const state = collect(collect(paused, LATER), BLOCKED);
    expect([pidsOf(state), state.latest]).toEqual([[103, 102, 101], BLOCKED]);
  });

  test('leaves the rows as they are, to the letter', () => {
    expect(regionTexts(collect(paused, LATER), 'table')).toEqual(regionTexts(paused, 'table'));
  });

  test('does not open the tree for a wait that begins meanwhile', () => {
    expect(regionTexts(collect(paused, BLOCKED), 'tree')).toEqual([]);
  });

  test('says that it is one, and how old the data are by now', () => {
    const old = dispatched(collect(paused, LATER, START_MS + 5000), {
      type: 'clock-ticked',
      atMs: START_MS + 7000,
    });
    expect([headerOf(paused), headerOf(old)]).toEqual([
      expect.stringContaining('Paused'),
      expect.stringContaining('7.0s old'),
    ]);
  });

  test('lets the cursor, the sort and the view be changed', () => {
    const state = collect(press(paused, 'down', 'I'), LATER);
    expect([pidsOf(state), pidsOf(state)[state.tableCursor.index]]).toEqual([[101, 102, 103], 102]);
  });

  test.each(['p', 'Z'])('ends with %s, and the newest data are shown', key => {
    const state = press(collect(paused, LATER), key);
    expect([state.isPaused, pidsOf(state)]).toEqual([false, [999, 101]]);
  });

  test('before the first data waits for them', () => {
    expect(pidsOf(collect(press(blankState(), 'p'), QUIET))).toEqual([103, 102, 101]);
  });

  test('begins with Z too', () => {
    expect(press(stateWith(), 'Z').isPaused).toBe(true);
  });
});

describe('what is inspected', () => {
  const inspecting = press(stateWith(QUIET), 'down', 'enter');
  const {key} = modeOf(inspecting, 'inspect').session;
  const detail = {
    key,
    query: 'SELECT\n  102',
    locks: [lock()],
    io: null,
    lockCount: 1,
    relationNames: new Map<string, string>(),
  };

  test('is read again with every refresh', () => {
    expect(update(inspecting, {type: 'snapshot-collected', snapshot: QUIET, atMs: 20_000})[1]).toEqual({
      type: 'read-detail',
    });
  });

  test('goes on with the new values of the session', () => {
    const state = collect(inspecting, snapshot({backends: [running(102, 77)]}));
    expect(modeOf(state, 'inspect').session.queryAgeMs).toBe(77_000);
  });

  test.each([
    ['is gone', snapshot({backends: [running(101, 1)]})],
    ['has left its pid to another', snapshot({backends: [running(102, 1, {backendStart: NOW})]})],
  ])('keeps the last values of a session that %s, says so, and reads no more', (_, data) => {
    const [state, command] = update(inspecting, {type: 'snapshot-collected', snapshot: data, atMs: 20_000});
    expect(modeOf(state, 'inspect')).toMatchObject({isGone: true, session: {queryAgeMs: 20_000}});
    expect([command, regionTexts(state, 'page')[0]]).toEqual([
      undefined,
      expect.stringContaining('has ended'),
    ]);
  });

  test('goes on in inspect with the newest data when a pause ends, and asks for the rest anew', () => {
    const paused = press(stateWith(snapshot({backends: [running(7, 20)]})), 'enter', 'p');
    const older = collect(paused, snapshot({backends: [running(7, 30)]}));
    expect(modeOf(older, 'inspect').session.queryAgeMs).toBe(20_000);
    const goingOn = pressed(older, 'p');
    expect(modeOf(goingOn.state, 'inspect').session.queryAgeMs).toBe(30_000);
    expect(goingOn.commands).toEqual([{type: 'read-detail'}]);
    const ended = pressed(collect(older, snapshot()), 'p');
    expect(modeOf(ended.state, 'inspect')).toMatchObject({isGone: true, session: {queryAgeMs: 20_000}});
    expect(ended.commands).toEqual([]);
  });

  test('is not taken for gone for good when it is there again', () => {
    const state = collect(collect(inspecting, snapshot()), QUIET);
    expect(modeOf(state, 'inspect').isGone).toBe(false);
  });

  test('shows its detail when that comes', () => {
    const state = dispatched(inspecting, {type: 'detail-read', detail});
    expect([state.detail, regionTexts(state, 'page')]).toEqual([
      detail,
      expect.arrayContaining(['   102', ' Locks · 1']),
    ]);
  });

  test.each([
    ['another session', inspecting, {...detail, key: '1@1'}],
    ['a session that is inspected no more', press(inspecting, 'escape'), detail],
  ])('does not take the detail of %s', (_, state, late) => {
    expect(dispatched(state, {type: 'detail-read', detail: late}).detail).toBeNull();
  });

  test('does not show the detail of the session before', () => {
    const before = dispatched(inspecting, {type: 'detail-read', detail});
    expect(press(before, 'escape', 'down', 'enter').detail).toBeNull();
  });
});

describe('a refresh that failed', () => {
  test.each([
    ['lost', 'Connection lost: server closed the connection · trying again in 4 s'],
    ['full', 'No free slot: server closed the connection · trying again in 4 s'],
    ['refused', 'Refused: server closed the connection'],
    ['late', 'The last refresh failed: server closed the connection'],
  ] as const)('%s is told above the table, which keeps its rows', (kind, words) => {
    const state = dispatched(stateWith(QUIET), failed(kind));
    expect([headerOf(state), pidsOf(state)]).toEqual([expect.stringContaining(words), [103, 102, 101]]);
  });

  test('counts down to the next attempt and on with the age of the data', () => {
    const state = dispatched(stateWith(), failed('lost'), {type: 'clock-ticked', atMs: START_MS + 5000});
    expect(headerOf(state)).toContain('trying again in 1 s · data are 5.0s old');
    expect(headerOf(dispatched(state, {type: 'clock-ticked', atMs: START_MS + 9000}))).toContain(
      'trying again · data',
    );
  });

  test('before the first data is told on an otherwise empty screen', () => {
    expect(headerOf(dispatched(blankState(), failed('refused', 'password authentication failed')))).toContain(
      'password authentication failed',
    );
  });
});

test('data that stop coming are called old after some refreshes', () => {
  const headers = [3500, 4500].map(ms =>
    headerOf(dispatched(stateWith(), {type: 'clock-ticked', atMs: START_MS + ms})),
  );
  expect(headers.map(text => text.includes('has not answered'))).toEqual([false, true]);
});
