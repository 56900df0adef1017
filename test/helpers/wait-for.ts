import {setTimeout as wait} from 'node:timers/promises';

/**
 * Polls until the condition gives something other than false, null or undefined, and returns that. It is asked once more after the
 * deadline: a machine that stood still has not tried in vain.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  deadlineMs = 30_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const isLast = performance.now() > deadline;
    const answer = await condition();
    if (answer !== false && answer !== null && answer !== undefined)
      return answer as Exclude<T, false | null | undefined>;
    if (isLast) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await wait(10);
  }
}
