import {describe, expect, test} from 'vitest';
import {queryText} from '../../source/model/column-texts.ts';
import {
  mayTellProgress,
  type Progress,
  progressInFull,
  progressText,
  remainingMs,
} from '../../source/model/progress.ts';
import {NOW, running, SECOND, snapshot} from '../helpers/snapshots.ts';

const progress = (differences: Partial<Progress> = {}): Progress => ({
  pid: 1,
  phase: 'scanning heap',
  done: 600,
  total: 1_000,
  unit: 'blocks',
  since: {at: NOW - 20 * SECOND, done: 200},
  ...differences,
});

test.each([
  [progress(), 'scanning heap 60%', 'scanning heap 60%, 600 of 1.0k blocks, 20/s, 20s left in this phase'],
  [progress({total: null}), 'scanning heap', 'scanning heap, 600 blocks, 20/s'],
  [progress({done: null, total: null}), 'scanning heap', 'scanning heap'],
  [progress({done: 1_200}), 'scanning heap 100%', 'scanning heap 100%, 1.2k of 1.0k blocks, 50/s'],
  [
    progress({unit: 'bytes', done: 2 ** 20, total: 2 ** 21, since: {at: NOW, done: 0}}),
    'scanning heap 50%',
    'scanning heap 50%, 1.0M of 2.0M bytes',
  ],
])('%j', (given, inRow, inFull) => {
  expect([progressText(given), progressInFull(given, NOW)]).toEqual([inRow, inFull]);
});

test('nothing is said of the end while nothing moves', () => {
  expect(remainingMs(progress({done: 200}), NOW)).toBeNull();
});

test('the row tells it before the query', () => {
  const {sessions} = snapshot({backends: [running(1, 5, {query: 'VACUUM orders'})], progress: [progress()]});
  expect(sessions.map(queryText)).toEqual(['[scanning heap 60%] VACUUM orders']);
});

describe('the server is asked', () => {
  test.each([
    'vacuum orders',
    'VACUUM (ANALYZE) orders',
    'CREATE UNIQUE  INDEX ON orders (id)',
    'copy orders from stdin',
    'REINDEX TABLE orders',
    'ALTER TABLE orders ADD PRIMARY KEY (id)',
    'BASE_BACKUP ( LABEL ...',
  ])('while somebody runs %s', query => {
    expect(mayTellProgress(running(1, 1, {query}))).toBe(true);
  });

  test.each(['SELECT * FROM orders', 'CREATE TABLE index', 'SELECT copyright'])('not for %s', query => {
    expect(mayTellProgress(running(1, 1, {query}))).toBe(false);
  });

  test('not for what has ended', () => {
    expect(mayTellProgress(running(1, 1, {query: 'VACUUM', state: 'idle'}))).toBe(false);
  });
});
