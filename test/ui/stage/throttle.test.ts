import {describe, expect, test} from 'vitest';
import {throttle} from '../../../source/ui/stage/throttle.ts';

const LONG_MS = 60_000;

function recording(waitMs: number) {
  const calls: number[] = [];
  return {calls, throttled: throttle((given: number) => calls.push(given), waitMs)};
}

describe('a throttled call', () => {
  test('is made at once when there was none for a while', async () => {
    const {calls, throttled} = recording(5);
    throttled(1);
    expect(calls).toEqual([1]);
    const before = performance.now();
    await expect.poll(() => performance.now() - before).toBeGreaterThan(10);
    throttled(2);
    expect(calls).toEqual([1, 2]);
  });

  test('is made later, once and with what was given last, when others come before it', async () => {
    const {calls, throttled} = recording(30);
    const before = performance.now();
    for (const given of [1, 2, 3]) throttled(given);
    expect(calls).toEqual([1]);
    await expect.poll(() => calls, {interval: 1}).toEqual([1, 3]);
    expect(performance.now() - before).toBeGreaterThan(25);
  });

  test('keeps nobody waiting where there is no time between two', () => {
    const {calls, throttled} = recording(0);
    for (const given of [1, 2, 3]) throttled(given);
    expect(calls).toEqual([1, 2, 3]);
  });

  test('that waits is made up for, once', () => {
    const {calls, throttled} = recording(LONG_MS);
    throttled(1);
    throttled.flush();
    expect(calls).toEqual([1]);
    throttled(2);
    throttled.flush();
    throttled.flush();
    expect(calls).toEqual([1, 2]);
  });

  test('that waits is forgotten', () => {
    const {calls, throttled} = recording(LONG_MS);
    throttled(1);
    throttled(2);
    throttled.cancel();
    throttled.flush();
    expect(calls).toEqual([1]);
  });

  test('leaves nothing behind that would keep the program awake', () => {
    const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
    const before = timers();
    recording(LONG_MS).throttled(1);
    expect(timers()).toBe(before);
  });
});
