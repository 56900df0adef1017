import {beforeEach, describe, expect, test} from 'vitest';
import {ageMs, isoTimestamp, parseTimestamp} from '../../source/model/timestamp.ts';
import {randomFrom} from '../helpers/random.ts';

describe('parseTimestamp', () => {
  test.each([
    ['1970-01-01 00:00:00+00', 0],
    ['1970-01-01 00:00:00.000001+00', 1],
    ['2026-11-22 21:30:00.123456+00', 1_795_383_000_123_456],
    ['2026-11-22 21:30:00.5+00', 1_795_383_000_500_000],
    ['2026-11-22T21:30:00.123456Z', 1_795_383_000_123_456],
    ['2026-11-22 21:30:00+00:00', 1_795_383_000_000_000],
    ['2024-02-29 23:59:59.999999+00', 1_709_251_199_999_999],
    ['1969-12-31 23:59:59.999999+00', -1],
  ])('reads %s with all its microseconds', (text, at) => {
    expect(parseTimestamp(text)).toBe(at);
  });

  test.each([
    '',
    'infinity',
    '-infinity',
    '2026-11-22',
    '2026-11-22 21:30:00+02',
    '2026-11-22 21:30:00-00:30',
    '0044-03-15 12:00:00+00 BC',
    '2026-11-22 21:30:00.1234567+00',
    'now',
    ' 2026-11-22 21:30:00+00',
  ])('does not take %j for a moment', text => {
    expect(parseTimestamp(text)).toBeNull();
  });
});

describe('parseTimestamp, of the day that was read before', () => {
  beforeEach(() => {
    parseTimestamp('2026-11-22 00:00:00+00');
  });

  test.each([
    ['2026-11-22 21:30:00+00', 1_795_383_000_000_000],
    ['2026-11-22 21:30:00.5+00', 1_795_383_000_500_000],
    ['2026-11-22 21:30:00.000001+00', 1_795_383_000_000_001],
    ['2026-11-22 21:30:00.123456+00', 1_795_383_000_123_456],
    ['2026-11-22 21:30:00.12Z', 1_795_383_000_120_000],
    ['2026-11-23 21:30:00.5+00', 1_795_469_400_500_000],
  ])('reads %s', (text, at) => {
    expect(parseTimestamp(text)).toBe(at);
  });

  test.each([
    '2026-11-22 ',
    '2026-11-22 21:30',
    '2026-11-22 21:30:00',
    '2026-11-22 21:3x:00+00',
    '2026-11-22 21-30:00+00',
    '2026-11-22 21:30:00.+00',
    '2026-11-22 21:30:00.12x+00',
    '2026-11-22 21:30:00.1234567+00',
    '2026-11-22 21:30:00x+00',
    '2026-11-22 21:30:00+02',
    '2026-11-22 21:30:00+00 BC',
  ])('takes %j for what the whole form says of it', text => {
    const alone = parseTimestamp(text);
    parseTimestamp('1999-01-01 00:00:00+00');
    expect(alone).toBe(parseTimestamp(text));
  });
});

describe('isoTimestamp', () => {
  test.each([
    [0, '1970-01-01T00:00:00.000000Z'],
    [1, '1970-01-01T00:00:00.000001Z'],
    [-1, '1969-12-31T23:59:59.999999Z'],
    [1_795_383_000_100_000, '2026-11-22T21:30:00.100000Z'],
  ])('prints %d with six decimals', (at, text) => {
    expect(isoTimestamp(at)).toBe(text);
  });

  test('prints what parseTimestamp reads back, to the microsecond', () => {
    const random = randomFrom(1);
    for (let turn = 0; turn < 1000; turn++) {
      const at = random.below(8_000_000_000) * 1_000_000 + random.below(1_000_000);
      expect(parseTimestamp(isoTimestamp(at))).toBe(at);
    }
  });
});

describe('ageMs', () => {
  test.each([
    [1_000_000, 1_000_000, 0],
    [2_500_000, 1_000_000, 1500],
    [1_000_001, 1_000_000, 0.001],
  ])('from %d to %d is told in milliseconds', (now, start, age) => {
    expect(ageMs(now, start)).toBe(age);
  });

  test('is never negative, so that a clock that stepped back shows 0', () => {
    expect(ageMs(1_000_000, 9_000_000)).toBe(0);
  });

  test('is null when nothing began', () => {
    expect(ageMs(1_000_000, null)).toBeNull();
  });
});
