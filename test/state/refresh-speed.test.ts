import {expect, test} from 'vitest';
import {type Reading, snapshotOf} from '../../source/model/snapshot.ts';
import {screenModel} from '../../source/state/screen-model.ts';
import {crowd, nextReading} from '../helpers/crowd.ts';
import {collect, stateWith} from '../helpers/states.ts';

const ROUNDS = 12;

/** Processor milliseconds of the cheapest of some rounds of each, taken in turn, so that a busy machine slows all of them alike. */
function cheapest(...tasks: readonly ((round: number) => void)[]): readonly number[] {
  const least = tasks.map(() => Number.POSITIVE_INFINITY);
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [index, task] of tasks.entries()) {
      const before = process.cpuUsage();
      task(round);
      const {user, system} = process.cpuUsage(before);
      least[index] = Math.min(least[index] ?? 0, (user + system) / 1000);
    }
  }
  return least;
}

/** Refreshes of so many sessions one after another, from the reading to the lines of the screen. */
function refreshesOf(sessions: number): (round: number) => void {
  let reading: Reading = crowd(sessions);
  let state = stateWith(snapshotOf(reading), {columns: 200, rows: 60});
  return round => {
    reading = nextReading(reading, round);
    state = collect(state, snapshotOf(reading));
    screenModel(state);
  };
}

test('a refresh of eight times the sessions costs little more than eight times as much', () => {
  const [few = 0, many = 0] = cheapest(refreshesOf(1_000), refreshesOf(8_000));
  expect(many / few).toBeLessThan(25);
});

test('a refresh costs not much more than writing the reading down and reading it again', () => {
  const reading = crowd(4_000);
  const [refresh = 0, copy = 1] = cheapest(refreshesOf(4_000), () => JSON.parse(JSON.stringify(reading)));
  expect(refresh / copy).toBeLessThan(3);
});
