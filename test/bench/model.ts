import v8 from 'node:v8';
import {parseFilter} from '../../source/model/filter/parse-filter.ts';
import {type Reading, snapshotOf} from '../../source/model/snapshot.ts';
import {screenModel} from '../../source/state/screen-model.ts';
import type {State} from '../../source/state/state.ts';
import {crowd, nextReading} from '../helpers/crowd.ts';
import {collect, press, stateWith} from '../helpers/states.ts';
import {median} from './figures.ts';

/**
 * What a refresh costs in this process between a reading and the finished lines of a 200x60 screen, without a server: medians of
 * CPU milliseconds over readings that all differ, a fifth of the sessions waiting.
 */
const SIZES = [1_000, 5_000, 20_000];
const ROUNDS = 25;
const WARM_UP = 10;
const SCREEN = {columns: 200, rows: 60};

function timed(what: () => void): number {
  const before = process.cpuUsage();
  what();
  const {user, system} = process.cpuUsage(before);
  return (user + system) / 1000;
}

// As the program runs, see start.ts.
v8.setFlagsFromString('--no-parallel-scavenge');
// The build fills this in.
Object.assign(globalThis, {PGTOP_VERSION: 'bench'});

const parsed = parseFilter('app=report xact>10m !state=idle orders');
if (!parsed.ok) throw new Error(parsed.message);
const filter = {text: 'orders', filter: parsed.filter};

/** The monitor in different situations; what all of them cost beyond the first is what the situation costs. */
const SITUATIONS: Record<string, (state: State) => State> = {
  'active view': state => state,
  'all sessions': state => press(state, '2'),
  'all, filtered': state => ({...press(state, '2'), filter}),
  'tree focused': state => press(state, 'tab'),
};

function row(title: string, values: readonly number[]): string {
  return `${title.padEnd(28)}${values.map(value => value.toFixed(1).padStart(10)).join('')}`;
}

console.log(row('ms at sessions:', SIZES).replaceAll('.0', '  '));
/** CPU milliseconds that each of a row of readings takes, the first few left out: they are compiled in. */
function overReadings(first: Reading, take: (reading: Reading) => void): number {
  let reading = first;
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    reading = nextReading(reading, round + 1);
    costs.push(timed(() => take(reading)));
  }
  return median(costs.slice(WARM_UP));
}

const costs = SIZES.map(sessions => {
  const first = crowd(sessions);
  const forest = overReadings(first, snapshotOf);
  const situations = Object.values(SITUATIONS).map(enter => {
    let state = enter(stateWith(snapshotOf(first), SCREEN));
    screenModel(state);
    return overReadings(first, reading => {
      state = collect(state, snapshotOf(reading));
      screenModel(state);
    });
  });
  return [forest, ...situations];
});
for (const [index, title] of ['snapshot and forest', ...Object.keys(SITUATIONS)].entries())
  console.log(
    row(
      title,
      costs.map(cost => cost[index] ?? Number.NaN),
    ),
  );
