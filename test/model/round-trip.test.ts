import {describe, expect, test} from 'vitest';
import {slowedIntervalMs} from '../../source/model/refresh-cost.ts';
import {addRoundTrip, NO_ROUND_TRIPS, workOfAnswer} from '../../source/model/round-trip.ts';

/** The work in each of these answers, one after another. */
function worksOf(answersMs: readonly number[]): readonly number[] {
  let trips = NO_ROUND_TRIPS;
  return answersMs.map(spentMs => {
    trips = addRoundTrip(trips, spentMs);
    return workOfAnswer(trips, spentMs);
  });
}

const sum = (works: readonly number[]) => works.reduce((total, work) => total + work, 0);

/** Answers over a line of 20 to 60 ms, one as likely as another. */
const JITTER = Array.from({length: 300}, (_, index) => 20 + ((index * 17) % 41));

describe('the work in an answer', () => {
  test('is what it took beyond the way there and back', () => {
    expect(worksOf([1, 301, 301, 1])).toEqual([0, 300, 300, 0]);
  });

  test('is hardly any on a line whose round trips vary: no reason to refresh more rarely', () => {
    const works = worksOf(JITTER);
    const refreshes = Array.from({length: 50}, (_, index) => sum(works.slice(index * 6, index * 6 + 6)));
    for (let index = 5; index < refreshes.length; index++)
      expect(slowedIntervalMs(1_000, refreshes.slice(index - 5, index))).toBeNull();
    expect(sum(works) / works.length).toBeLessThan(8);
  });

  test('is told on such a line too, however often the server takes long', () => {
    const works = worksOf(JITTER.map((ms, index) => (index % 6 === 5 ? ms + 300 : ms)));
    const slow = works.filter((_, index) => index % 6 === 5);
    expect(Math.min(...slow)).toBeGreaterThan(270);
    const always = worksOf([...JITTER, ...JITTER.map(ms => ms + 300)]).slice(JITTER.length);
    expect(Math.min(...always)).toBeGreaterThan(270);
  });

  test('follows a line that has become slower by a little, and forgets a slow begin', () => {
    expect(worksOf([20, ...Array.from({length: 60}, () => 60)]).at(-1)).toBe(0);
    expect(worksOf([300, 1, 31])).toEqual([0, 0, 30]);
  });
});
