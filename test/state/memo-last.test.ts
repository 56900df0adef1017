import {expect, test} from 'vitest';
import {memoLast} from '../../source/state/memo-last.ts';

test('memoLast computes again only when an argument is another one', () => {
  const asked: (readonly unknown[])[] = [];
  const sum = memoLast((a: number, b: number) => {
    asked.push([a, b]);
    return a + b;
  });
  expect([sum(1, 2), sum(1, 2), sum(1, 3), sum(1, 2)]).toEqual([3, 3, 4, 3]);
  expect(asked).toEqual([
    [1, 2],
    [1, 3],
    [1, 2],
  ]);
});

test('memoLast gives the very same answer again, also when that is nothing', () => {
  let calls = 0;
  const none = memoLast((_: object | null) => {
    calls += 1;
    return undefined;
  });
  expect([none(null), none(null), calls]).toEqual([undefined, undefined, 1]);
});
