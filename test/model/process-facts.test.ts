import {describe, expect, test} from 'vitest';
import {processFacts} from '../../source/model/process-facts.ts';
import {NOW, running, SECOND} from '../helpers/snapshots.ts';

const WORKER = {backendType: 'parallel worker', leaderPid: 20};

describe('lock groups', () => {
  const {groupOf, queryStartOf} = processFacts([
    running(20, 1),
    running(21, 1, WORKER),
    running(23, 1, {backendType: 'logical replication parallel worker', leaderPid: 20}),
    running(30, 1),
  ]);

  test.each<[string, number, number]>([
    ['a session is its own', 30, 30],
    ['a parallel worker belongs to its leader', 21, 20],
    ['an apply worker under a leader is its own: it shares no locks', 23, 23],
    ['a process that is not in the activity is its own', 99, 99],
  ])('%s', (_, pid, leader) => {
    expect(groupOf(pid)).toEqual({leader, isCertain: true});
  });

  test('come with when a query began', () => {
    expect([queryStartOf(30), queryStartOf(99)]).toEqual([NOW - SECOND, null]);
  });
});

describe('a worker that names no leader', () => {
  const query = 'SELECT sum(n) FROM facts';
  const worker = {backendType: 'background worker', query, backendStart: NOW - 4 * SECOND};
  const groupOfWorker = (...others: readonly ReturnType<typeof running>[]) =>
    processFacts([running(22, 1, worker), ...others]).groupOf(22);

  test.each<[string, readonly ReturnType<typeof running>[], number]>([
    ['belongs to the session that ran its query when it came', [running(20, 5, {query}), running(30, 5)], 20],
    ['is its own when two sessions did', [running(20, 5, {query}), running(30, 6, {query})], 22],
    ['is its own when none did', [running(20, 5)], 22],
    ['does not belong to a query that began later', [running(20, 3, {query})], 22],
    ['does not belong to another role', [running(20, 5, {query, usesysid: 99})], 22],
    ['does not belong to another database', [running(20, 5, {query, datid: 99})], 22],
    ['does not belong to another worker', [running(20, 5, {query, backendType: 'parallel worker'})], 22],
  ])('%s, which is not certain', (_, others, leader) => {
    expect(groupOfWorker(...others)).toEqual({leader, isCertain: false});
  });
});
