import {describe, expect, test} from 'vitest';
import type {State} from '../../source/state/state.ts';
import {held, ofAdvisory, wanted} from '../helpers/locks.ts';
import {NOW, running, SECOND, snapshot} from '../helpers/snapshots.ts';
import {collect, messageOf, press, stateWith} from '../helpers/states.ts';

/** So many seconds after the start so many wait behind session 1, and as many as wanted behind session 50. */
const at = (seconds: number, waiters: number, others = 0) =>
  snapshot({
    collectedAt: NOW + seconds * SECOND,
    backends: [running(1, 5), running(50, 5)],
    locks: [
      held(1),
      ...Array.from({length: waiters}, (_, index) => wanted(2 + index, NOW + index, 'AccessShareLock')),
      held(50, 'ExclusiveLock', ofAdvisory(1)),
      ...Array.from({length: others}, (_, index) => wanted(51 + index, NOW, 'ShareLock', ofAdvisory(1))),
    ],
  });

/** The messages after each refresh, with a key pressed in between that clears it. */
function told(...data: readonly ReturnType<typeof at>[]): readonly string[] {
  const messages: string[] = [];
  let state: State = stateWith(at(-1, 0));
  for (const each of data) {
    state = collect(state, each);
    messages.push(state.message?.text ?? '');
    state = press(state, 'down');
  }
  return messages;
}

const GROWN = 'The waits behind 1 have grown for 30 s: from 1 to 4 sessions.';

describe('a tree that grows', () => {
  test('is told of after 30 s', () => {
    expect(told(at(0, 1), at(8, 2), at(16, 3), at(25, 4), at(29, 4), at(30, 4))).toEqual([
      ...['', '', '', '', ''],
      GROWN,
    ]);
  });

  test('is told of where refreshes are rare, as long as it grows', () => {
    expect(told(at(0, 1), at(60, 2), at(120, 2), at(180, 3)).map(text => text !== '')).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(told(at(0, 1), at(10, 2), at(20, 3), at(30, 4))).toEqual(['', '', '', GROWN]);
  });

  test('is told of 30 s after the clock was set back', () => {
    const back = [-600, -590, -580, -570].map((seconds, index) => at(seconds, 3 + index));
    expect(told(at(0, 1), at(5, 2), ...back).at(-1)).toBe(
      'The waits behind 1 have grown for 30 s: from 3 to 6 sessions.',
    );
  });

  test('is told of again after another 30 s', () => {
    const refreshes = Array.from({length: 13}, (_, index) => at(5 * index, 1 + index));
    expect(told(...refreshes).map(text => text !== '')).toEqual(
      refreshes.map((_, index) => index === 6 || index === 12),
    );
  });

  test.each<[string, readonly ReturnType<typeof at>[]]>([
    ['when it only stays as it was', [at(0, 3), at(15, 3), at(30, 3), at(45, 3)]],
    ['when it shrank in between', [at(0, 2), at(9, 3), at(15, 2), at(24, 3), at(31, 4)]],
    ['when it did not grow for 10 s', [at(0, 2), at(9, 3), at(20, 3), at(29, 4), at(38, 5)]],
    ['when it was gone in between', [at(0, 1), at(9, 2), at(15, 0), at(20, 3), at(29, 4), at(35, 5)]],
  ])('is not told of %s', (_, data) => {
    expect(told(...data).join('')).toBe('');
  });

  test('does not hide another message, and is told when that is gone', () => {
    const before = [at(0, 1), at(9, 2), at(18, 3), at(27, 4)].reduce(
      (state, data) => collect(state, data),
      stateWith(at(-1, 0)),
    );
    const busy = collect(press(before, 'd'), at(30, 4));
    expect(messageOf(busy)).toContain('TIME is the age');
    expect(messageOf(collect(press(busy, 'down'), at(31, 4)))).toBe(
      'The waits behind 1 have grown for 31 s: from 1 to 4 sessions.',
    );
  });

  test('is told of while the screen is paused', () => {
    const paused = press(collect(stateWith(at(-1, 0)), at(0, 1)), 'p');
    const states = [at(9, 2), at(18, 3), at(27, 4), at(30, 4)].reduce(
      (state, data) => collect(state, data),
      paused,
    );
    expect(messageOf(states)).toBe(GROWN);
  });

  test('that does most damage is told of first', () => {
    const data = [at(0, 1, 1), at(9, 2, 3), at(18, 3, 4), at(27, 4, 5), at(30, 4, 6)];
    expect(told(...data).at(-1)).toBe('The waits behind 50 have grown for 30 s: from 1 to 6 sessions.');
  });
});
