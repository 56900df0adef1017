import {expect, test} from 'vitest';
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
