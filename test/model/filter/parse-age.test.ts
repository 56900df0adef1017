import {expect, test} from 'vitest';
import {parseAge} from '../../../source/model/filter/parse-age.ts';

test.each([
  ['30s', 30_000],
  ['250ms', 250],
  ['1.5h', 5_400_000],
  ['.5m', 30_000],
  ['2D', 172_800_000],
  ['90', 90_000],
  ['0', 0],
  ['', null],
  ['s', null],
  ['5 m', null],
  ['-5m', null],
  ['5w', null],
  ['1h30m', null],
  ['1e3', null],
  ['5constructor', null],
])('parseAge reads %j as %j ms', (text, ms) => {
  expect(parseAge(text)).toBe(ms);
});
