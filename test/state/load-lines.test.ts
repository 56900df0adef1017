import {describe, expect, test} from 'vitest';
import {WAIT_CLASSES} from '../../source/model/load.ts';
import {lineText} from '../../source/state/line.ts';
import {loadLines} from '../../source/state/load-lines.ts';
import type {State} from '../../source/state/state.ts';
import {NOW, running, SECOND, server, snapshot} from '../helpers/snapshots.ts';
import {collect, press, regionTexts, type StateDifferences, stateWith} from '../helpers/states.ts';

/** A server on this machine with so many sessions on the CPU and as many waiting for locks. */
const loaded = (second: number, cpu: number, locks: number, host = '/tmp') =>
  snapshot({
    collectedAt: NOW + second * SECOND,
    server: server({host}),
    backends: Array.from({length: cpu + locks}, (_, index) =>
      running(index, 1, index < cpu ? {} : {waitEventType: 'Lock'}),
    ),
  });
const grownTo = (differences: StateDifferences, host?: string): State =>
  [2, 4, 8].reduce(
    (state, cpu, index) => collect(state, loaded(5 * index + 5, cpu, cpu, host)),
    stateWith(loaded(0, 0, 0, host), {columns: 14, rows: 40, loadHeight: 'low', ...differences}),
  );
const chart = (state: State) =>
  loadLines(state)
    .slice(1)
    .map(line => lineText(line).trimEnd());

describe('the chart', () => {
  test('stacks the classes, a column for five seconds, with the cores as a line where nothing hides it', () => {
    expect(chart(grownTo({}))).toEqual([
      '   20        ▂',
      '             █',
      '            ▅█',
      '    0 -----▆██',
    ]);
  });

  test.each<StateDifferences>([{options: {isAscii: true}}, {options: {hasColor: false}}])(
    'tells the classes by letters with %j',
    differences => {
      expect(chart(grownTo(differences))).toEqual([
        '   20        .',
        '             L',
        '            LC',
        '    0 -----CCC',
      ]);
    },
  );

  test('has no line for the cores of a server elsewhere', () => {
    expect(chart(grownTo({}, 'db.example')).join()).not.toContain('-');
  });

  test('stands under the present figures of every class', () => {
    const [title = ''] = loadLines(grownTo({columns: 140})).map(lineText);
    for (const name of WAIT_CLASSES) expect(title).toContain(name);
    expect(title).toMatch(/^Load 12\.0 +CPU 6\.0 +IO 0\.0 +Lock 6\.0 .*last 11m\d\ds, -- 4 cores/);
  });
});

test('l makes it low, high and away again, and leaves the table room on 24 rows', () => {
  const state = stateWith(loaded(0, 1, 1), {columns: 80, rows: 24});
  const heights = [[], ['l'], ['l', 'l'], ['l', 'l', 'l']].map(keys => {
    const pressed = press(state, ...keys);
    return [regionTexts(pressed, 'header').length, regionTexts(pressed, 'table').length];
  });
  expect(heights).toEqual([
    [3, 19],
    [8, 14],
    [8, 14],
    [3, 19],
  ]);
});

test('is of one run of one server', () => {
  const state = collect(stateWith(loaded(0, 1, 0)), loaded(5, 1, 0));
  const identity = {systemIdentifier: '7700000000000000001', startedAt: NOW, address: '10.0.0.7:5432'};
  const other = snapshot({...loaded(10, 1, 0).reading, server: server({identity})});
  const after = collect(state, other);
  expect([state.load.length, state.loadRecords.length]).toEqual([2, 2]);
  expect([after.load.length, after.loadRecords.length]).toEqual([1, 1]);
});

test('a pause does not stop the sampling', () => {
  const paused = press(stateWith(loaded(0, 1, 0)), 'p');
  expect(collect(paused, loaded(5, 1, 0)).load).toHaveLength(2);
});

test('a moment has no more weight for being looked at more often', () => {
  const before = collect(stateWith(loaded(0, 1, 0)), loaded(1, 1, 0));
  const looks = [5, 20, 100, 400].reduce(
    (state, ms) => collect(state, loaded(1 + ms / 1_000, 0, 9), before.nowMs + ms),
    before,
  );
  expect([looks.load, looks.loadRecords]).toEqual([before.load, before.loadRecords]);
  const next = collect(looks, loaded(2, 1, 0), before.nowMs + 1_000);
  expect(next.load.map(({samples}) => samples)).toEqual([3]);
});
