import {describe, expect, test} from 'vitest';
import {
  addSample,
  averageOver,
  averages,
  countByClass,
  type LoadBucket,
  lastBuckets,
  WAIT_CLASSES,
  waitClass,
} from '../../source/model/load.ts';
import {background, hidden, NOW, running, SECOND, snapshot} from '../helpers/snapshots.ts';

const counts = (cpu: number, lock = 0) =>
  WAIT_CLASSES.map(name => (name === 'CPU' ? cpu : name === 'Lock' ? lock : 0));
const sampledAt = (seconds: readonly number[], everyMs = 1_000) =>
  seconds.reduce<readonly LoadBucket[]>(
    (load, second) => addSample(load, NOW + second * SECOND, counts(1), everyMs),
    [],
  );

test.each([
  [null, 'CPU'],
  ['IO', 'IO'],
  ['Lock', 'Lock'],
  ['LWLock', 'LWLock'],
  ['Client', 'Client'],
  ['IPC', 'IPC'],
  ['Timeout', 'Timeout'],
  ['BufferPin', 'other'],
  ['Extension', 'other'],
  ['of a later version', 'other'],
])('an active session with wait_event_type %s counts as %s', (waitEventType, name) => {
  expect(waitClass(running(1, 1, {waitEventType}))).toBe(name);
});

test.each([
  running(1, 1, {state: 'idle', waitEventType: 'Client'}),
  running(1, 1, {state: 'idle in transaction', waitEventType: 'Client'}),
  hidden(1),
  background(1, 'checkpointer'),
])('who is not active is no load', session => {
  expect(waitClass(session)).toBeNull();
});

test('countByClass counts each session once', () => {
  const {sessions} = snapshot({
    backends: [running(1, 1), running(2, 1), running(3, 1, {waitEventType: 'Lock'}), hidden(4)],
  });
  expect(countByClass(sessions)).toEqual(counts(2, 1));
});

describe('the buckets', () => {
  test('average the samples of five seconds', () => {
    let load = addSample([], NOW, counts(1, 0), 1_000);
    load = addSample(load, NOW + SECOND, counts(2, 3), 1_000);
    expect(load.map(averages)).toEqual([counts(1.5, 1.5)]);
    load = addSample(load, NOW + 5 * SECOND, counts(6), 1_000);
    expect(load.map(({samples}) => samples)).toEqual([2, 1]);
    expect(averageOver(load, 2)).toEqual(counts(3, 1));
  });

  test('are bounded', () => {
    const load = sampledAt(Array.from({length: 1_000}, (_, index) => index * 5));
    expect(load).toHaveLength(360);
    expect(load.at(-1)?.from).toBe(NOW + 4_995 * SECOND);
  });

  test('leave a gap where nothing was sampled', () => {
    expect(lastBuckets(sampledAt([0, 5, 20]), 6).map(bucket => bucket !== null)).toEqual([
      false,
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  test('have no gap where samples are rare', () => {
    const filled = (seconds: readonly number[], everyMs: number) =>
      lastBuckets(sampledAt(seconds, everyMs), 9)
        .map(bucket => Number(bucket !== null))
        .join('');
    expect(filled([0, 10, 20, 30], 10_000)).toBe('001111111');
    expect(filled([4.9, 14.95, 25.1, 35.2], 10_000)).toBe('011111111');
    expect(filled([0, 60], 60_000)).toBe('111111111');
    // The line was lost for a while.
    expect(filled([0, 10, 40], 10_000)).toBe('111100001');
  });

  test('begin anew when the clock steps back', () => {
    expect(addSample(sampledAt([100, 105]), NOW, counts(1), 1_000)).toHaveLength(1);
  });

  test('of nothing average to nothing', () => {
    expect(averageOver([], 2)).toEqual(counts(0));
    expect(lastBuckets([], 2)).toEqual([null, null]);
  });
});
