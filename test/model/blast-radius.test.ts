import {describe, expect, test} from 'vitest';
import {type BlastRadius, blastRadius, cancelRadius} from '../../source/model/blast-radius.ts';
import {lockForest} from '../../source/model/lock-forest.ts';
import type {HolderId, Wait} from '../../source/model/wait-graph.ts';
import {ofAdvisory, wait, wanted} from '../helpers/locks.ts';

/** A radius as `freed / staying: behind×waiters`. */
const told = ({freed, stillWaiting, behind}: BlastRadius) =>
  `${freed} / ${stillWaiting}${behind.map(({id, waiters}) => ` ${id}x${waiters}`).join('')}`;

const CHAIN = [wait(2, [1]), wait(3, [2]), wait(4, [3])];
const QUEUE = [wait(2, [1]), wait(3, [1], [2]), wait(4, [1], [2, 3])];
const ALTER = [wait(2, [1]), wait(3, [], [2]), wait(4, [], [2])];
const TUPLE = {lock: wanted(9, 5, 'ExclusiveLock', {locktype: 'tuple', page: 0, tuple: 1})};
const ROW = [wait(2, [1]), wait(3, [2], [], TUPLE), wait(4, [2], [3], TUPLE)];
const TWO_HOLDERS = [wait(3, [1, 2]), wait(4, [3])];
const CIRCLE = [wait(1, [2]), wait(2, [1]), wait(3, [2])];

describe('what terminating frees', () => {
  test.each<[string, readonly Wait[], readonly HolderId[], string]>([
    ['nobody behind who waits for others', CHAIN, [4], '0 / 0'],
    ['nobody behind who takes no part', CHAIN, [99], '0 / 0'],
    ['the next of a chain; the others stay behind that one', CHAIN, [1], '1 / 2 2x2'],
    ['the head of a queue; the others then wait for it', QUEUE, [1], '1 / 2 2x2'],
    ['nobody, when the holder stays', QUEUE, [2], '0 / 2 1x2'],
    ['all readers behind a wish that is withdrawn', ALTER, [2], '2 / 0'],
    ['a wish whose readers then wait for it', ALTER, [1], '1 / 2 2x2'],
    ['nobody behind who is next for a row: the others then wait for its writer', ROW, [2], '0 / 2 1x2'],
    ['the next for a row when its writer ends', ROW, [1], '1 / 2 2x2'],
    ['one more when both end', ROW, [1, 2], '1 / 1 3x1'],
    ['nobody, while another holder is left', TWO_HOLDERS, [1], '0 / 2 2x2'],
    ['who waits for several that end together', TWO_HOLDERS, [1, 2], '1 / 1 3x1'],
    ['nobody of a batch itself', CHAIN, [1, 2, 3], '1 / 0'],
    ['those in a circle with it, and behind', CIRCLE, [1], '1 / 1 2x1'],
    ['who waits behind a prepared transaction', [wait(2, [-812]), wait(3, [2])], [-812], '1 / 1 2x1'],
  ])('%s', (_, waits, ids, expected) => {
    expect(told(blastRadius(lockForest(waits), new Set(ids)))).toBe(expected);
  });

  test('names those behind whom most stay first', () => {
    const waits = [
      wait(5, [1, 2]),
      wait(6, [1, 3]),
      wait(7, [1, 3]),
      wait(8, [1]),
      wait(9, [8]),
      wait(10, [8, 1]),
      wait(11, [10]),
    ];
    expect(told(blastRadius(lockForest(waits), new Set([1])))).toBe('1 / 6 8x3 3x2 2x1');
  });

  test('stays within circles that go on without it', () => {
    const waits = [wait(2, [3, 1]), wait(3, [2]), wait(4, [3])];
    const {freed, stillWaiting, behind} = blastRadius(lockForest(waits), new Set([1]));
    expect([freed, stillWaiting]).toEqual([0, 3]);
    expect(behind.reduce((sum, {waiters}) => sum + waiters, 0)).toBe(3);
  });
});

describe('what cancelling frees', () => {
  const key = {lock: wanted(2, 5, 'ExclusiveLock', ofAdvisory(9))};

  test.each<[string, readonly Wait[], string]>([
    ['what the transaction held', [wait(2, [1]), wait(3, [2])], '1 / 1 2x1'],
    ['who is queued behind the wish', [wait(1, [7]), wait(2, [7], [1])], '0 / 1 7x1'],
    ['no advisory lock, which may be the session’s own', [wait(2, [1], [], key)], '0 / 1 1x1'],
    ['a queue for an advisory lock that it waits for itself', [wait(1, [7]), wait(2, [], [1], key)], '1 / 0'],
  ])('%s', (_, waits, expected) => {
    expect(told(cancelRadius(lockForest(waits), new Set([1])))).toBe(expected);
  });
});
