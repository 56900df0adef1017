import {describe, expect, test} from 'vitest';
import {COLUMNS} from '../../source/model/columns.ts';
import type {Session} from '../../source/model/session.ts';
import {type Sort, sortSessions, underLeaders} from '../../source/model/sort.ts';
import {type SessionDifferences, session} from '../helpers/builders.ts';
import {randomFrom} from '../helpers/random.ts';

const pids = (sessions: readonly Session[]) => sessions.map(({backend}) => backend.pid);
const of = (pid: number, {backend, ...rest}: SessionDifferences = {}) =>
  session({...rest, backend: {...backend, pid}});
const up = (column: Sort['column']): Sort => ({column, descending: false});
const down = (column: Sort['column']): Sort => ({column, descending: true});

describe('sortSessions', () => {
  test.each<[string, readonly Session[], Sort, readonly number[]]>([
    ['numbers as numbers', [of(10), of(9), of(100)], up('pid'), [9, 10, 100]],
    ['in the other direction', [of(10), of(9), of(100)], down('pid'), [100, 10, 9]],
    [
      'transaction ids as numbers, though they are text',
      [of(1, {backend: {backendXid: '1000'}}), of(2, {backend: {backendXid: '999'}})],
      up('xid'),
      [2, 1],
    ],
    [
      'text by its letters',
      [
        of(1, {backend: {usename: 'carol'}}),
        of(2, {backend: {usename: 'alice'}}),
        of(3, {backend: {usename: 'bob'}}),
      ],
      up('user'),
      [2, 3, 1],
    ],
    [
      'who has no value last, upwards',
      [of(1, {xactAgeMs: null, queryAgeMs: null}), of(2, {queryAgeMs: 5}), of(3, {queryAgeMs: 1})],
      up('time'),
      [3, 2, 1],
    ],
    [
      'who has no value last, downwards',
      [of(1, {queryAgeMs: null}), of(2, {queryAgeMs: 5}), of(3, {queryAgeMs: 9})],
      down('time'),
      [3, 2, 1],
    ],
    ['equals by pid, upwards', [of(3), of(1), of(2)], up('user'), [1, 2, 3]],
    ['equals by pid, downwards too', [of(3), of(1), of(2)], down('user'), [1, 2, 3]],
    ['those without a value by pid', [of(3), of(1), of(2, {blocksInTotal: 1})], down('blk'), [2, 1, 3]],
    [
      'workers under their leader, whatever their own value',
      [
        of(1, {queryAgeMs: 50}),
        of(2, {queryAgeMs: 10}),
        of(3, {queryAgeMs: 99, backend: {backendType: 'parallel worker', leaderPid: 2}}),
        of(4, {queryAgeMs: 1}),
      ],
      down('time'),
      [1, 2, 3, 4],
    ],
  ])('stands %s', (_, sessions, sort, expected) => {
    expect(pids(sortSessions(sessions, sort, 'query'))).toEqual(expected);
  });

  test('by time follows the duration that is shown', () => {
    const sessions = [of(1, {queryAgeMs: 1, xactAgeMs: 9}), of(2, {queryAgeMs: 2, xactAgeMs: 3})];
    expect([
      pids(sortSessions(sessions, down('time'), 'query')),
      pids(sortSessions(sessions, down('time'), 'xact')),
    ]).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  test('leaves the given sessions as they were', () => {
    const sessions = Object.freeze([of(3), of(1)]);
    sortSessions(sessions, up('pid'), 'query');
    expect(pids(sessions)).toEqual([3, 1]);
  });

  test.each(COLUMNS.map(({id}) => id))('by %s gives one order, whatever the order before', column => {
    const random = randomFrom(21);
    const sessions = Array.from({length: 40}, (_, index) =>
      of(index + 1, {
        queryAgeMs: random.pick([null, 5, 7]),
        blocksInTotal: random.below(3),
        backend: {
          usename: random.pick([null, 'alice', 'bob']),
          state: random.pick([null, 'idle', 'active']),
          waitEvent: random.pick([null, 'relation']),
          backendXid: random.pick([null, '9', '10']),
        },
      }),
    );
    for (const sort of [up(column), down(column)]) {
      const sorted = pids(sortSessions(sessions, sort, 'query'));
      expect(pids(sortSessions(sessions.toReversed(), sort, 'query'))).toEqual(sorted);
      expect(sorted.toSorted((a, b) => a - b)).toEqual(pids(sessions));
    }
  });
});

describe('underLeaders', () => {
  const worker = (pid: number, leaderPid: number, backendType = 'parallel worker') =>
    of(pid, {backend: {leaderPid, backendType}});

  test.each<[string, readonly Session[], readonly number[]]>([
    ['a worker right under its leader', [worker(3, 1), of(2), of(1)], [2, 1, 3]],
    ['workers in the order they had', [of(1), of(2), worker(5, 1), worker(4, 1)], [1, 5, 4, 2]],
    ['a worker whose leader is not there in its own place', [of(2), worker(3, 1), of(4)], [2, 3, 4]],
    [
      'an apply worker in its own place',
      [worker(3, 1, 'logical replication parallel worker'), of(1)],
      [3, 1],
    ],
  ])('puts %s', (_, sessions, expected) => {
    expect(pids(underLeaders(sessions))).toEqual(expected);
  });
});
