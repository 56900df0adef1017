import {describe, expect, test} from 'vitest';
import {slowedIntervalMs} from '../../source/model/refresh-cost.ts';

describe('slowedIntervalMs', () => {
  test.each([
    ['nothing is known yet', 1_000, [], null],
    ['a refresh takes a tenth of the interval', 1_000, [100, 100, 100], null],
    ['it takes more', 1_000, [101, 101, 101], 1_100],
    ['it takes much more', 1_000, [320, 340, 300, 330, 310], 3_200],
    ['one of five was dear', 1_000, [20, 20, 2_000, 20, 20], null],
    ['two of five were dear', 1_000, [2_000, 20, 2_000, 20, 20], null],
    ['three of five were dear', 1_000, [2_000, 20, 300, 300, 20], 3_000],
    ['the last three of five are cheap again', 1_000, [300, 300, 20, 20, 20], null],
    ['it would be rarer than an incident can bear', 1_000, [2_500, 2_500, 2_500], 10_000],
    ['the wanted interval is longer than that already', 20_000, [2_500, 2_500, 2_500], null],
    ['only two are known, and the first one reads all names', 200, [90, 30], null],
  ])('where %s', (_, wantedMs, worksMs, expected) => {
    expect(slowedIntervalMs(wantedMs, worksMs)).toBe(expected);
  });
});
