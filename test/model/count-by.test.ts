import {expect, test} from 'vitest';
import {countBy} from '../../source/model/count-by.ts';

test('names are counted, the most frequent first and equals by name', () => {
  expect(countBy(['b', 'c', 'a', 'c'], name => name)).toEqual([
    ['c', 2],
    ['a', 1],
    ['b', 1],
  ]);
  expect(countBy([], String)).toEqual([]);
});
