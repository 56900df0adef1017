import {describe, expect, test} from 'vitest';
import {formatBytes, formatCount, formatDuration} from '../../source/model/format.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

describe('formatDuration', () => {
  test.each([
    [null, ''],
    [-5, '0ms'],
    [0.4, '0ms'],
    [12, '12ms'],
    [999.9, '999ms'],
    [1000, '1.0s'],
    [3299, '3.2s'],
    [9999, '9.9s'],
    [10 * S, '10s'],
    [59_999, '59s'],
    [M, '1m00s'],
    [12 * M + 3 * S, '12m03s'],
    [H - 1, '59m59s'],
    [3 * H + 5 * M, '3h05m'],
    [D - 1, '23h59m'],
    [2 * D + 4 * H, '2d04h'],
    [999 * D, '999d00h'],
    [1000 * D, '1000d'],
  ])('shows %j ms as %j', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });

  test('never takes more than 7 characters within a million days', () => {
    for (let ms = 1; ms < 1e6 * D; ms *= 1.01) expect(formatDuration(ms).length).toBeLessThanOrEqual(7);
  });
});

test.each([
  [null, ''],
  [0, '0B'],
  [512, '512B'],
  [1023, '1.0K'],
  [8704, '8.5K'],
  [10_239, '10K'],
  [1_048_575, '1.0M'],
  [104 * 1024 ** 2, '104M'],
  [1.25 * 1024 ** 3, '1.3G'],
  [2000 * 1024 ** 5, '2000P'],
])('formatBytes shows %j as %j', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

test.each([
  [null, ''],
  [0, '0'],
  [950, '950'],
  [1234, '1.2k'],
  [48_321, '48k'],
  [999_999, '1.0M'],
  [3_100_000_000_000, '3.1T'],
])('formatCount shows %j as %j', (count, expected) => {
  expect(formatCount(count)).toBe(expected);
});
