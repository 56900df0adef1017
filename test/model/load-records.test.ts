import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import {compileFilter} from '../../source/model/filter/compile-filter.ts';
import {parseFilter} from '../../source/model/filter/parse-filter.ts';
import {
  addRecords,
  KEPT_SECONDS,
  MOST_IN_BUCKET,
  MOST_RECORDS,
  type RecordBucket,
} from '../../source/model/load-records.ts';
import {
  averageLoad,
  LOAD_DIMENSIONS,
  loadShares,
  sessionLoad,
  stretchMs,
} from '../../source/model/load-shares.ts';
import {NOW, running, SECOND, snapshot} from '../helpers/snapshots.ts';

const sample = (buckets: readonly RecordBucket[], second: number, backends: readonly Backend[]) =>
  addRecords(buckets, NOW + second * SECOND, snapshot({backends}).sessions);
const sampled = (...polls: readonly (readonly Backend[])[]) =>
  polls.reduce<readonly RecordBucket[]>((buckets, backends, second) => sample(buckets, second, backends), []);

const LOCK = {waitEventType: 'Lock', waitEvent: 'tuple'};
const web = (pid: number, differences: Partial<Backend> = {}) =>
  running(pid, 9, {
    usename: 'web',
    applicationName: 'shop',
    queryId: '42',
    query: 'SELECT 1',
    ...differences,
  });
const job = (pid: number, differences: Partial<Backend> = {}) =>
  running(pid, 9, {usename: 'job', applicationName: '', query: 'DELETE FROM "old"', ...differences});

/** Ten seconds: two web sessions, one of them behind a lock; one job, on the CPU half of the time. */
const TEN = sampled(
  ...Array.from({length: 10}, (_, second) => [
    web(1),
    web(2, LOCK),
    job(3, second % 2 === 0 ? {} : {state: 'idle', waitEventType: 'Client', waitEvent: 'ClientRead'}),
    job(4, {state: 'idle in transaction'}),
  ]),
);

describe('the load', () => {
  test('is told apart by query, user, application and wait event', () => {
    const rows = (by: (typeof LOAD_DIMENSIONS)[number]) =>
      loadShares(TEN, by).map(({text, average, share, filter}) => [text, average, share, filter]);
    expect(averageLoad(TEN)).toBe(2.5);
    expect(rows('user')).toEqual([
      ['web', 2, 0.8, 'user=web'],
      ['job', 0.5, 0.2, 'user=job'],
    ]);
    expect(rows('query')).toEqual([
      ['SELECT 1', 2, 0.8, 'queryid:42'],
      ['DELETE FROM "old"', 0.5, 0.2, 'query="DELETE FROM \\"old\\""'],
    ]);
    expect(rows('application')).toEqual([
      ['shop', 2, 0.8, 'app=shop'],
      ['', 0.5, 0.2, 'app=""'],
    ]);
    expect(rows('wait')).toEqual([
      ['CPU', 1.5, 0.6, 'wait=""'],
      ['Lock:tuple', 1, 0.4, 'wait="Lock:tuple"'],
    ]);
  });

  test('has filters that find the sessions it came from', () => {
    const {sessions} = snapshot({backends: [web(1), web(2, LOCK), job(3)]});
    for (const by of LOAD_DIMENSIONS) {
      for (const {filter} of loadShares(TEN, by)) {
        const parsed = parseFilter(filter ?? '');
        if (!parsed.ok) throw new Error(parsed.message);
        const holds = compileFilter(parsed.filter);
        expect(sessions.some(each => holds(each, {isTagged: () => false}))).toBe(true);
      }
    }
  });

  test('has filters for those who run just that query, where it is short enough to be known whole', () => {
    const long = `SELECT ${'x'.repeat(200)}`;
    const queries = ['SELECT 1', 'SELECT 1 + 1', 'SELECT 1 -- more', long, `${long}y`];
    const backends = queries.map((query, index) => running(index + 1, 9, {query}));
    const {sessions} = snapshot({backends});
    const found = loadShares(sampled(backends), 'query').map(({filter}) => {
      const parsed = parseFilter(filter ?? '');
      if (!parsed.ok) throw new Error(parsed.message);
      const holds = compileFilter(parsed.filter);
      return sessions
        .filter(each => holds(each, {isTagged: () => false}))
        .map(({backend}) => backend.pid)
        .join();
    });
    expect(found.toSorted()).toEqual(['1', '2', '3', '4,5']);
  });

  test('of a session is its share of the time in each class since it began', () => {
    const {shares, buckets} = sessionLoad(TEN, {
      key: `3@${NOW - 3600 * SECOND}`,
      backendStart: NOW - 3600 * SECOND,
    });
    expect([shares[0], buckets.length, buckets[0]?.[0]]).toEqual([0.5, 2, 0.6]);
    const young = sessionLoad(TEN, {key: '1@x', backendStart: NOW + 6 * SECOND});
    expect(young.buckets).toHaveLength(1);
    expect(young.shares.every(share => share === 0)).toBe(true);
  });

  test('of a session counts no time before it began, however rare the samples', () => {
    const rare = [0, 60, 120].reduce<readonly RecordBucket[]>(
      (buckets, second) => sample(buckets, second, second < 120 ? [] : [web(1)]),
      [],
    );
    const {key} = snapshot({backends: [web(1)]}).sessions[0] ?? expect.fail('no session');
    const {shares} = sessionLoad(rare, {key, backendStart: NOW + 90 * SECOND});
    expect(shares.reduce((sum, each) => sum + each, 0)).toBe(1);
  });

  test('is nothing before the first sample and while nobody is active', () => {
    expect([
      averageLoad([]),
      loadShares([], 'user'),
      sessionLoad([], {key: '', backendStart: 0}).buckets,
    ]).toEqual([0, [], []]);
    expect(loadShares(sampled([job(4, {state: 'idle'})]), 'user')).toEqual([]);
  });

  test('begins anew when the clock steps back', () => {
    expect(sample(TEN, -60, [web(1)])).toHaveLength(1);
  });
});

describe('what is kept', () => {
  test('is five minutes', () => {
    const long = sampled(...Array.from({length: 400}, () => [web(1)]));
    expect(long).toHaveLength(KEPT_SECONDS / 5);
    expect(stretchMs(long)).toBe(KEPT_SECONDS * 1000);
    expect(long.every(({records, samples}) => records.size === 1 && samples === 5)).toBe(true);
  });

  test('is not what was before a long time without data', () => {
    const seldom = [0, 60, 120, 180, 240, 300, 360].reduce<readonly RecordBucket[]>(
      (buckets, second) => sample(buckets, second, [web(1)]),
      [],
    );
    expect([seldom.length, stretchMs(seldom), stretchMs([])]).toEqual([5, 245_000, 0]);
    expect(sample(seldom, 3_600, [web(1)])).toHaveLength(1);
  });

  test('is no record of an idle session', () => {
    const idle = sampled([web(1, {state: 'idle'}), web(2, {state: 'idle in transaction'})]);
    expect(idle.map(({records, samples}) => [records.size, samples])).toEqual([[0, 1]]);
  });

  test('is bounded in each bucket, the rest counted as of nobody', () => {
    const crowd = sampled(Array.from({length: MOST_IN_BUCKET + 500}, (_, index) => web(index + 1)));
    expect([crowd[0]?.records.size, crowd[0]?.others[0], averageLoad(crowd)]).toEqual([
      MOST_IN_BUCKET,
      500,
      MOST_IN_BUCKET + 500,
    ]);
  });

  test('is the begin of each query, and nothing of the rest stays in memory', () => {
    setFlagsFromString('--expose-gc');
    const heapAfterCollection = (): number => {
      runInNewContext('gc')();
      return process.memoryUsage().heapUsed;
    };
    const longText = (index: number) => Buffer.alloc(1_000_000, `SELECT ${index}, `).toString('latin1');
    const before = heapAfterCollection();
    let buckets: readonly RecordBucket[] = [];
    for (let index = 0; index < 50; index++)
      buckets = sample(buckets, index, [web(1, {queryId: null, query: longText(index)})]);
    expect(heapAfterCollection() - before).toBeLessThan(10_000_000);
    expect(buckets.flatMap(({records}) => [...records])).toHaveLength(50);
  });

  test('is bounded in all, the oldest seconds going first', () => {
    const polls = Array.from({length: 30}, (_, index) =>
      Array.from({length: 1_500}, (_, pid) => web(pid + 1, {queryId: String(index)})),
    );
    const full = polls.reduce<readonly RecordBucket[]>(
      (buckets, backends, index) => sample(buckets, index * 5, backends),
      [],
    );
    const total = full.reduce((sum, {records}) => sum + records.size, 0);
    expect(total).toBeLessThanOrEqual(MOST_RECORDS);
    expect(total).toBeGreaterThan(MOST_RECORDS - 2 * MOST_IN_BUCKET);
    expect(full.at(-1)?.from).toBe(NOW + 29 * 5 * SECOND);
  });
});
