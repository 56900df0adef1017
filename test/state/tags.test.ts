import {describe, expect, test} from 'vitest';
import type {State} from '../../source/state/state.ts';
import {taggedSessions} from '../../source/state/tags.ts';
import {BLOCKED, hidden, NOW, QUIET, running, SECOND, snapshot} from '../helpers/snapshots.ts';
import {
  collect,
  messageOf,
  modeOf,
  pidsOf,
  press,
  pressed,
  regionTexts,
  stateWith,
  write,
} from '../helpers/states.ts';

const taggedPids = (state: State) => taggedSessions(state).map(({backend}) => backend.pid);

describe('a tag', () => {
  test('is put on by Space, which goes on to the next row, and taken off by another', () => {
    const state = press(stateWith(QUIET), 'space', 'space');
    expect([taggedPids(state), state.tableCursor.index]).toEqual([[103, 102], 2]);
    expect(taggedPids(press(state, 'up', 'space'))).toEqual([103]);
    expect(taggedPids(press(state, 'U'))).toEqual([]);
  });

  test('is seen in the table and counted under it', () => {
    const state = press(stateWith(QUIET), 'space', 'down');
    expect(regionTexts(state, 'table')[1]).toContain('*103');
    expect(messageOf(state)).toContain('1 tagged');
  });

  test('follows its session through sorts, views and the filter', () => {
    const state = write(press(stateWith(QUIET), 'space', 'I', '5', '/'), 'pid:101');
    expect(pidsOf(state)).toEqual([101]);
    expect(taggedPids(press(state, 'enter'))).toEqual([103]);
  });

  test('dies with its session and does not pass on to another one of the same pid', () => {
    const tagged = press(stateWith(QUIET), 'space');
    const other = running(103, 300, {backendStart: NOW - 10 * SECOND});
    const gone = collect(tagged, snapshot({backends: [other]}));
    expect(gone.tags.size).toBe(0);
    expect(collect(gone, QUIET).tags.size).toBe(0);
  });

  test('dies while the data are paused too', () => {
    const paused = press(stateWith(QUIET), 'space', 'p');
    expect(collect(paused, snapshot()).tags.size).toBe(0);
  });

  test('cannot be put on a session whose start is hidden', () => {
    const state = press(stateWith(snapshot({backends: [hidden(7)]})), '5', 'space');
    expect([state.tags.size, messageOf(state)]).toEqual([0, expect.stringContaining('pg_read_all_stats')]);
  });
});

test('A tags all that the table shows', () => {
  expect(taggedPids(press(stateWith(QUIET), 'A'))).toEqual(pidsOf(stateWith(QUIET)));
  expect(taggedPids(press(write(press(stateWith(QUIET), '/'), 'pid:101,102'), 'enter', 'A'))).toEqual([
    102, 101,
  ]);
});

test('b tags the session and everything that waits behind it', () => {
  expect(taggedPids(press(stateWith(BLOCKED), 'b')).sort()).toEqual([201, 202, 203, 204]);
  expect(taggedPids(press(stateWith(BLOCKED), 'down', 'b')).sort()).toEqual([202, 203, 204]);
});

test('the filter knows what is tagged', () => {
  const state = press(write(press(stateWith(QUIET), 'space', '/'), 'tagged'), 'enter');
  expect(pidsOf(state)).toEqual([103]);
  expect(pidsOf(press(state, 'U'))).toEqual([]);
});

describe('with tags c and k', () => {
  const tagged = press(stateWith(QUIET), 'space', 'space');

  test.each([
    ['k', 'terminate'],
    ['c', 'cancel'],
  ])('%s asks about all of them', (key, action) => {
    const {batch} = modeOf(press(tagged, key), 'confirm');
    expect([batch.action, batch.targets.map(({target}) => target.pid)]).toEqual([action, [103, 102]]);
  });

  test('are about the session that is inspected while one is', () => {
    const {batch} = modeOf(press(tagged, 'enter', 'k'), 'confirm');
    expect(batch.targets.map(({target}) => target.pid)).toEqual([101]);
  });

  test('do not pass on to the session under the cursor when the last tagged one ends', () => {
    const left = collect(tagged, snapshot({backends: [running(101, 2)]}));
    const told = press(left, 'k');
    expect([told.mode.type, messageOf(told)]).toEqual([
      'browse',
      expect.stringContaining('What was tagged has ended. k again asks'),
    ]);
    expect(modeOf(press(told, 'k'), 'confirm').batch.targets).toMatchObject([{target: {pid: 101}}]);
    expect(press(left, 'U', 'k').mode.type).toBe('confirm');
    expect(press(left, 'enter', 'k').mode.type).toBe('confirm');
  });

  test('signal them all on y, as one batch', () => {
    const {commands} = pressed(tagged, 'k', 'y');
    expect(commands.filter(({type}) => type === 'signal')).toMatchObject([
      {batch: {targets: [{target: {pid: 103}}, {target: {pid: 102}}]}},
    ]);
  });
});
