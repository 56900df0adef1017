import {describe, expect, test} from 'vitest';
import {findShift, shiftRows} from '../../../source/ui/stage/scroll-shift.ts';

const rows = (...names: readonly string[]) => names;

describe('the shift of a screen', () => {
  test.each([
    ['nothing moved', 'abcdef', 'abcdef', null],
    ['one row changed', 'abcdef', 'abXdef', null],
    ['too few rows moved', 'abcdef', 'acddef', null],
    ['a list between two lines moved up', 'habcdefz', 'hbcdefgz', {top: 1, bottom: 6, by: 1}],
    ['a list moved down by two', 'habcdefz', 'hXYabcdz', {top: 1, bottom: 6, by: -2}],
  ] as const)('%s', (_, before, after, shift) => {
    expect(findShift([...before], [...after])).toEqual(shift);
  });

  test('is none between blank rows', () => {
    expect(findShift(rows('', '', '', '', 'a'), rows('a', '', '', '', ''))).toBeNull();
  });

  test('leaves blank rows behind', () => {
    expect(shiftRows([...'habcdz'], {top: 1, bottom: 4, by: 3})).toEqual(['h', 'd', '', '', '', 'z']);
    expect(shiftRows([...'habcdz'], {top: 1, bottom: 4, by: -3})).toEqual(['h', '', '', '', 'a', 'z']);
  });
});
