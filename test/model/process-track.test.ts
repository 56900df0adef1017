import {describe, expect, test} from 'vitest';
import {cpuText, processText, UNKNOWN_FIGURES} from '../../source/model/process-figures.ts';
import type {ProcessSample} from '../../source/model/process-sample.ts';
import {
  addProcessSample,
  mayHaveActed,
  type ProcessTrack,
  processesToRead,
  processFigures,
  trackProcesses,
} from '../../source/model/process-track.ts';
import {backend} from '../helpers/builders.ts';
import {SECOND} from '../helpers/snapshots.ts';

/** A sample of process 40 some seconds after the first. */
function sample(second: number, differences: Partial<ProcessSample> = {}): ProcessSample {
  return {
    pid: 40,
    parentPid: 12,
    at: second * SECOND,
    startTicks: 1_000,
    cpuTicks: 0,
    memoryBytes: 4_096,
    readBytes: 0,
    writeBytes: 0,
    ...differences,
  };
}

const trackOf = (...samples: readonly ProcessSample[]) =>
  samples.reduce<ProcessTrack>((track, each) => addProcessSample(track, each), []);

describe('the rates of a process', () => {
  test('are those between two samples, by the ticks of the process', () => {
    const track = trackOf(sample(1), sample(3, {cpuTicks: 50, readBytes: 8_192, writeBytes: 2_048}));
    expect(processFigures(track, true)).toEqual({
      cpuShare: 0.25,
      memoryBytes: 4_096,
      readPerSecond: 4_096,
      writePerSecond: 1_024,
    });
  });

  test('are not known before the second sample; what is no rate is', () => {
    expect(processFigures(trackOf(sample(1)), true)).toEqual({
      cpuShare: null,
      memoryBytes: 4_096,
      readPerSecond: null,
      writePerSecond: null,
    });
  });

  test('begin anew with another process of the same pid: no spike, nothing negative', () => {
    const old = trackOf(sample(1, {cpuTicks: 9_000}), sample(2, {cpuTicks: 9_100}));
    const young = addProcessSample(old, sample(3, {startTicks: 5_000, cpuTicks: 3}));
    expect(processFigures(young, true).cpuShare).toBeNull();
    const later = addProcessSample(young, sample(4, {startTicks: 5_000, cpuTicks: 13}));
    expect(processFigures(later, true).cpuShare).toBe(0.1);
  });

  test('go over nearly a second at least, however often it is read', () => {
    const fast = [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4].map(second =>
      sample(second, {cpuTicks: Math.round(second * 20)}),
    );
    const track = trackOf(...fast);
    expect((track.at(-1)?.at ?? 0) - (track[0]?.at ?? 0)).toBe(SECOND);
    expect(processFigures(track, true).cpuShare).toBeCloseTo(0.2);
  });

  test('of storage are undefined where they cannot be known, the others stay', () => {
    const track = trackOf(
      sample(1, {readBytes: null, writeBytes: null}),
      sample(2, {readBytes: null, writeBytes: null}),
    );
    expect(processFigures(track, false)).toEqual({
      cpuShare: 0,
      memoryBytes: 4_096,
      readPerSecond: undefined,
      writePerSecond: undefined,
    });
  });
});

describe('a process', () => {
  const looksAt = (visible: number, other: number) => ({
    visible: [{pid: visible, backendStart: 1}],
    others: [{pid: other, backendStart: 1}],
  });

  test('that nobody looks at any more is forgotten', () => {
    const tracks = trackProcesses(new Map(), [sample(1), sample(1, {pid: 41})], looksAt(40, 41));
    expect([...tracks.keys()]).toEqual([40, 41]);
    expect([...trackProcesses(tracks, [], looksAt(42, 41)).keys()]).toEqual([41]);
  });

  test('has its rates however rarely it is read', () => {
    const first = trackProcesses(new Map(), [sample(1)], looksAt(41, 40));
    const later = trackProcesses(first, [sample(61, {cpuTicks: 1_500})], looksAt(41, 40));
    expect(processFigures(later.get(40) ?? [], true).cpuShare).toBe(0.25);
  });
});

describe('the processes to read', () => {
  const rows = (from: number, count: number) =>
    Array.from({length: count}, (_, index) => ({pid: from + index, backendStart: 1}));

  test('are those on screen first, then the others in turn', () => {
    const needs = {visible: rows(1, 80), others: rows(1_001, 120)};
    const first = processesToRead(needs, new Map());
    expect(first.slice(0, 80)).toEqual(rows(1, 80).map(({pid}) => pid));
    expect(first).toHaveLength(80 + 64);
    const samples = first.map(pid => sample(1, {pid}));
    const second = processesToRead(needs, trackProcesses(new Map(), samples, needs));
    expect(new Set([...first, ...second]).size).toBe(200);
  });

  test('are never more than a screen and a bound', () => {
    expect(processesToRead({visible: rows(1, 500), others: rows(1_001, 500)}, new Map())).toHaveLength(
      100 + 64,
    );
  });
});

test.each([
  [0, '0.0'],
  [0.125, '12.5'],
  [0.9996, '100'],
  [null, ''],
  [undefined, 'n/a'],
])('a share of %s reads %j', (share, text) => {
  expect(cpuText(share)).toBe(text);
});

test('inspect tells the figures, and why what is missing cannot be known', () => {
  const figures = processFigures(trackOf(sample(1), sample(2, {cpuTicks: 7, writeBytes: 3_072})), true);
  const known = {source: 'host', figures: [], whyNot: null, whyNotIo: null} as const;
  expect(processText(figures, known)).toBe('CPU 7.0%, 4.0K of its own, 0B/s read, 3.0K/s written');
  const partly = processFigures(trackOf(sample(1), sample(2)), false);
  expect(processText(partly, {...known, whyNotIo: 'not yours'})).toBe(
    'CPU 0.0%, 4.0K of its own, reads and writes n/a: not yours',
  );
  expect(processText(UNKNOWN_FIGURES, {...known, source: null, whyNot: 'refused'})).toBe('n/a: refused');
  expect(processText(UNKNOWN_FIGURES, {...known, source: null})).toBeNull();
});

describe('a process is read again', () => {
  const IDLE = backend({state: 'idle in transaction'});
  const WAITING = backend({waitEventType: 'Lock', waitEvent: 'tuple'});

  test.each([
    ['that may run', backend(), 9.5],
    ['whose state is hidden', backend({state: null}), 9.5],
    ['that waits for storage', backend({waitEventType: 'IO', waitEvent: 'DataFileRead'}), 9.5],
    ['that the activity does not have', undefined, 9.5],
    ['that sleeps and was never read', IDLE, undefined],
    ['that sleeps for long', IDLE, 7],
    ['that waits for a lock', WAITING, 9.5],
    ['that was read by a clock which has been set back since', IDLE, 13],
  ])('%s', (_, which, readSecond) => {
    expect(mayHaveActed(which, readSecond && readSecond * SECOND, 10 * SECOND)).toBe(true);
  });

  test.each([
    ['idle', backend({state: 'idle'})],
    ['idle in transaction', IDLE],
  ])('but not soon while it is %s', (_, which) => {
    expect(mayHaveActed(which, 7.5 * SECOND, 10 * SECOND)).toBe(false);
  });
});
