import {describe, expect, test} from 'vitest';
import {currentGroup, groupRows} from '../../source/state/group-rows.ts';
import type {State} from '../../source/state/state.ts';
import {BLOCKED, NOW, running, SECOND, snapshot} from '../helpers/snapshots.ts';
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

const GROUPS = press(stateWith(BLOCKED, {columns: 80, rows: 24}), '7');
const names = (state: State) => groupRows(state).map(({value, sessions}) => [value, sessions.length]);
const table = (state: State) => regionTexts(state, 'table').filter(text => text !== '');

describe('7', () => {
  test('shows the sessions in groups, idle ones among them', () => {
    expect(table(GROUPS)).toEqual([
      ' Sessions by [user] database application client state query id  ← → choose',
      'USER          SESSIONS▾  ACTIVE  WAITING  IDLE TX  IDLE   QUERY    XACT',
      'alice                 5       3        2        1     1     40s  10m00s',
      'bob                   1       1        1                  1m00s   1m00s',
    ]);
    expect(messageOf(GROUPS)).toBe('groups by user · 1 of 2 · by sessions');
  });

  test('is searched with F3, and stays', () => {
    const found = write(press(GROUPS, 'f3'), 'BO');
    expect([found.main, currentGroup(press(found, 'enter'))?.value]).toEqual(['groups', 'bob']);
    expect(currentGroup(press(found, 'enter', 'n'))?.value).toBe('bob');
    const missed = write(press(GROUPS, 'f3'), 'zoe');
    expect([missed.message?.text, missed.groupCursor]).toEqual([
      '"zoe" occurs in no row of this view.',
      GROUPS.groupCursor,
    ]);
  });

  test('groups by the next thing when it is pressed again, and so do the arrows', () => {
    expect(names(press(GROUPS, '7'))).toEqual([
      ['shop', 5],
      ['bank', 1],
    ]);
    expect(press(GROUPS, 'right', 'right').groupBy).toBe('application');
    expect(press(GROUPS, 'left').groupBy).toBe('queryid');
    expect(press(GROUPS, 'left', 'right').groupBy).toBe('user');
  });

  test('counts a parallel query once, by its leader', () => {
    const parallel = snapshot({
      backends: [running(1, 5), running(2, 5, {backendType: 'parallel worker', leaderPid: 1})],
    });
    expect(names(press(stateWith(parallel), '7'))).toEqual([['alice', 1]]);
  });

  test('heeds the filter, the user and the database', () => {
    expect(names({...GROUPS, user: 'bob'})).toEqual([['bob', 1]]);
    expect(names(press(write(press(GROUPS, '/'), 'db=bank'), 'enter'))).toEqual([['alice', 1]]);
  });
});

describe('in the groups', () => {
  test.each(['escape', 'q', '1'])('%s goes back to the sessions', key => {
    expect(pressed(GROUPS, key)).toMatchObject({state: {main: 'sessions'}, commands: []});
  });

  test('Enter shows the sessions of the group, and the filter says which', () => {
    const opened = press(GROUPS, 'enter');
    expect(opened).toMatchObject({main: 'sessions', filter: {text: 'user=alice'}});
    expect([...pidsOf(opened)].sort()).toEqual([201, 203, 204, 205, 206]);
    const narrower = press(write(press(GROUPS, '/'), 'db=bank'), 'enter', 'enter');
    expect(narrower.filter?.text).toBe('db=bank user=alice');
  });

  test('Enter says so where no filter tells the group', () => {
    const state = press(GROUPS, 'left', 'enter');
    expect([state.main, messageOf(state)]).toEqual([
      'groups',
      'No filter holds for sessions without a query id.',
    ]);
  });

  test.each([
    ['k', 'terminate', [201, 203, 204, 205, 206], 0],
    ['c', 'cancel', [203, 204, 205], 2],
  ] as const)('%s asks about the whole group', (key, action, pids, skipped) => {
    const tagged = press(press(stateWith(BLOCKED), 'space'), '7');
    const {batch, toType, remark} = modeOf(press(tagged, key), 'confirm');
    expect([batch.action, batch.targets.map(({target}) => target.pid).sort(), batch.skipped.length]).toEqual([
      action,
      pids,
      skipped,
    ]);
    expect([toType, remark]).toEqual([pids.length >= 5 ? '5' : null, 'The group of user alice.']);
  });

  test('the dialog stands under the groups and leads back to them', () => {
    const asked = press(GROUPS, 'k');
    expect(regionTexts(asked, 'table')[0]).toContain('Sessions by [user]');
    expect(press(asked, 'n')).toMatchObject({main: 'groups', mode: {type: 'browse'}});
  });

  test('the keys of one session say that none is under the cursor', () => {
    for (const key of ['space', 'y', 'b']) expect(messageOf(press(GROUPS, key))).toMatch(/no session/);
  });

  test('A tags nothing that is not on screen', () => {
    expect(press(GROUPS, 'A').tags.size).toBe(0);
    expect(messageOf(press(GROUPS, 'A'))).toContain('not on screen');
  });

  test('the cursor follows its group', () => {
    const more = snapshot({
      collectedAt: NOW + SECOND,
      backends: [1, 2, 3].map(pid => running(pid, 1, {usename: 'bob'})).concat(running(9, 1)),
    });
    const onBob = press(GROUPS, 'down');
    const later = [1, 2, 3, 4].reduce(state => collect(state, more), onBob);
    expect([names(later)[0], later.groupCursor]).toMatchObject([['bob', 3], {key: 'user=bob', index: 0}]);
  });

  test('< > I and F6 sort them', () => {
    expect(press(GROUPS, '<').groupSort).toEqual({column: 'group', descending: false});
    expect(press(GROUPS, '>', '>').groupSort).toEqual({column: 'waiting', descending: true});
    expect(press(GROUPS, 'I').groupSort).toEqual({column: 'sessions', descending: false});
    expect(names(press(GROUPS, 'f6', 'x', 'enter'))).toEqual(names(GROUPS));
    expect(press(GROUPS, 'f6', 'x', 'enter').groupSort).toEqual({column: 'xact-age', descending: true});
  });

  test.each([40, 80, 200])(
    'nothing is wider than %d columns, and the query stands behind query ids',
    columns => {
      const state = press(stateWith(BLOCKED, {columns, rows: 24}), '7', 'left');
      expect(regionTexts(state, 'table').every(text => text.length <= columns)).toBe(true);
      expect(table(state).join('\n').includes('LONGEST')).toBe(true);
    },
  );
});
