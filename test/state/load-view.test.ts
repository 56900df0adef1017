import {describe, expect, test} from 'vitest';
import {currentLoadRow, loadRows} from '../../source/state/load-rows.ts';
import type {State} from '../../source/state/state.ts';
import {BLOCKED, NOW, running, SECOND, snapshot} from '../helpers/snapshots.ts';
import {collect, messageOf, pidsOf, press, regionTexts, stateWith, write} from '../helpers/states.ts';

const busy = (second: number) =>
  snapshot({
    collectedAt: NOW + second * SECOND,
    backends: [
      running(1, 9, {usename: 'web', applicationName: 'shop', queryId: '42', query: 'SELECT 1'}),
      running(2, 9, {usename: 'web', applicationName: 'shop', queryId: '42', query: 'SELECT 1'}),
      running(3, 9, {
        usename: 'job',
        applicationName: '',
        query: 'VACUUM',
        ...(second % 2 === 0 ? {waitEventType: 'IO', waitEvent: 'DataFileRead'} : {}),
      }),
      running(4, 9, {state: 'idle'}),
    ],
  });
const grown = (differences: Parameters<typeof stateWith>[1] = {}): State =>
  [1, 2, 3, 4, 5, 6, 7, 8, 9].reduce(
    (state, second) => collect(state, busy(second)),
    stateWith(busy(0), {columns: 80, rows: 24, ...differences}),
  );
const LOAD = press(grown(), '6');
const table = (state: State) => regionTexts(state, 'table').filter(text => text !== '');

describe('6', () => {
  test('tells who has the load', () => {
    expect(table(LOAD)).toEqual([
      ' Load of the last 10s · 3.0 active sessions on average · Enter: who it is',
      '  SHARE  ACTIVE                  QUERY',
      '  66.7%    2.00 ███████████      SELECT 1',
      '  33.3%    1.00 ██████           VACUUM'.replace('██████ ', '█████  '),
      '  SHARE  ACTIVE                  USER',
      '  66.7%    2.00 ███████████      web',
      '  33.3%    1.00 █████            job',
      '  SHARE  ACTIVE                  APPLICATION',
      '  66.7%    2.00 ███████████      shop',
      '  33.3%    1.00 █████            (none)',
      '  SHARE  ACTIVE                  WAIT',
      '  83.3%    2.50 █████████████    CPU',
      '  16.7%    0.50 ███              IO:DataFileRead',
    ]);
    expect(messageOf(LOAD)).toBe('load · 1 of 8 · by share');
  });

  test.each(['d', 'i', 'I', '<', '>', 'w', 'v', 'f6'])('%s changes nothing that is out of sight', key => {
    const state = press(LOAD, key);
    expect(messageOf(state)).toBe('That is about the table of sessions: 1 to 5 show it.');
    expect({...state, message: null, nowMs: 0}).toEqual({...LOAD, message: null, nowMs: 0});
  });

  test.each(['c', 'k'])('%s is about nobody, unless somebody is tagged', key => {
    expect(messageOf(press(LOAD, key))).toBe(
      'There is no session under the cursor: Enter shows those of the row.',
    );
    expect(press(grown(), 'space', '6', key).mode.type).toBe('confirm');
  });

  test('tells the classes by letters where colours do not', () => {
    const plain = press(grown({options: {hasColor: false}}), '6');
    expect(table(plain)[3]).toMatch(/C+I+ +VACUUM$/);
  });

  test('is searched with F3, and stays', () => {
    const at = (state: State) => [state.main, currentLoadRow(state)?.text];
    const found = press(write(press(LOAD, 'f3'), 'datafile'), 'enter');
    expect(at(found)).toEqual(['load', 'IO:DataFileRead']);
    const jobs = press(write(press(LOAD, 'f3'), 'o'), 'enter');
    expect([[], ['n'], ['n', 'n'], ['N']].map(keys => at(press(jobs, ...keys))[1])).toEqual([
      'job',
      'shop',
      'IO:DataFileRead',
      'IO:DataFileRead',
    ]);
  });

  test('Enter shows the sessions of the row under the cursor', () => {
    const opened = press(LOAD, 'down', 'down', 'enter');
    expect([opened.main, opened.filter?.text, [...pidsOf(opened)].sort()]).toEqual([
      'sessions',
      'user=web',
      [1, 2],
    ]);
    expect(press(LOAD, 'enter').filter?.text).toBe('queryid:42');
  });

  test.each(['escape', 'q', '2'])('%s goes back', key => {
    expect(press(LOAD, key).main).toBe('sessions');
  });

  test('the cursor follows its row, and the keys of a session say that there is none', () => {
    const onJob = press(LOAD, 'down', 'down', 'down');
    expect(loadRows(onJob)[3]?.key).toBe('user=job');
    expect(collect(onJob, busy(10)).loadCursor).toMatchObject({key: 'user=job', index: 3});
    for (const key of ['k', 'c', 'space']) expect(messageOf(press(LOAD, key))).toMatch(/no session/);
  });

  test('leaves the tree closed unless it is asked for', () => {
    const blocked = press(stateWith(BLOCKED), '6');
    expect(regionTexts(blocked, 'tree')).toEqual([]);
    expect(regionTexts(press(blocked, 't'), 'tree')).not.toEqual([]);
    expect(regionTexts(press(blocked, '1'), 'tree')).not.toEqual([]);
  });

  test.each([
    [40, 10],
    [80, 24],
    [200, 60],
  ])('fits %dx%d', (columns, rows) => {
    const state = press(grown({columns, rows}), '6');
    expect(regionTexts(state, 'table').every(text => text.length <= columns)).toBe(true);
    expect(loadRows(state).length).toBeGreaterThan(0);
  });
});

test('inspect tells what the session did', () => {
  const page = regionTexts(press(grown({rows: 60}), 'end', 'enter'), 'page');
  const at = page.indexOf(' Load · last 10s');
  expect(page.slice(at, at + 3)).toEqual([
    ' Load · last 10s',
    ' ██',
    ' CPU 50.0%  IO 50.0%  not active 0.0%',
  ]);
});
