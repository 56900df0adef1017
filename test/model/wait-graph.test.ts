import {describe, expect, test} from 'vitest';
import {blockersOf, isConfirmed, settleWait, softOf} from '../../source/model/wait-graph.ts';
import {lock, wait} from '../helpers/locks.ts';

describe('settleWait', () => {
  test.each<[string, readonly number[], readonly number[], readonly number[]]>([
    ['keeps the hard blocks that the server reports', [1], [1], []],
    ['adds those ahead in the queue as soft', [1, 5], [1], [5]],
    ['names one once that is reported twice', [5, 5, 1, 1], [1], [5]],
    ['takes who does not want the lock for a holder that the reading missed', [7], [7], []],
    ['drops a holder that the server does not report', [], [], []],
    ['takes 0 for the prepared transactions of the reading', [0, 1], [1, -812, -813], []],
  ])('%s', (_, reported, hard, soft) => {
    const settled = settleWait(wait(2, [1, -812, -813]), reported, new Set([2, 5]));
    expect([settled.hard, softOf(settled)]).toEqual([hard, soft]);
  });

  test('leaves who waits, for what and since when as it was', () => {
    const before = wait(2, [1], [], {since: 7, pid: 21, lock: lock({relation: 9})});
    expect(settleWait(before, [1], new Set())).toEqual(before);
  });
});

test('blockersOf names hard blocks before soft ones', () => {
  expect([blockersOf(wait(9, [1, 2])), blockersOf(wait(9, [1, 2], [3]))]).toEqual([
    [1, 2],
    [1, 2, 3],
  ]);
});

describe('isConfirmed', () => {
  test.each<[string, readonly number[], boolean]>([
    ['the same in any order', [5, 0, 1], true],
    ['the same named twice', [1, 1, 0, 5], true],
    ['one more', [1, 0, 5, 6], false],
    ['one less', [1, 0], false],
    ['nobody', [], false],
  ])('%s', (_, reported, expected) => {
    expect(isConfirmed([wait(2, [1, -812]), wait(2, [1], [5])], reported)).toBe(expected);
  });
});
