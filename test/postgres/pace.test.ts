import {describe, expect, test} from 'vitest';
import {createPace} from '../../source/postgres/pace.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';

/** A session whose every look at its effort finds so much more work done. */
function sessionOf(workMs: number): PreparedSession {
  let spent = 0;
  return {
    effort: () => {
      spent += workMs;
      return {workMs: spent, bytes: 0};
    },
  } as PreparedSession;
}

test('a session is not slowed down for what refreshes took on the one before', async () => {
  const pace = createPace(1_000);
  const dear = sessionOf(500);
  for (let refresh = 0; refresh < 3; refresh++) await pace.measure(dear, async () => undefined);
  expect(pace.intervalMs()).toBe(5_000);
  await pace.measure(sessionOf(1), async () => undefined);
  expect(pace.intervalMs()).toBe(1_000);
});

describe('rare refreshes', () => {
  test.each([
    ['come each second', 1, 1_000],
    ['are not hurried where one is dear', 400, 4_000],
  ])('%s at the start of a session', async (_, workMs, earlyMs) => {
    const pace = createPace(60_000);
    for (const session of [sessionOf(workMs), sessionOf(workMs)]) {
      const intervals: number[] = [];
      for (let refresh = 0; refresh < 6; refresh++) {
        await pace.measure(session, async () => undefined);
        intervals.push(pace.intervalMs());
      }
      expect(intervals).toEqual([earlyMs, earlyMs, earlyMs, earlyMs, 60_000, 60_000]);
    }
  });

  test('come no more often than wanted', async () => {
    const pace = createPace(200);
    await pace.measure(sessionOf(1), async () => undefined);
    expect(pace.intervalMs()).toBe(200);
  });
});
