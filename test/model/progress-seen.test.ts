import {expect, test} from 'vitest';
import {type ProgressSeen, sinceBefore} from '../../source/model/progress-seen.ts';

const seen: ProgressSeen = {
  queryStart: 1_000_000,
  phase: 'scanning heap',
  total: 1_000,
  done: 400,
  since: {at: 2_000_000, done: 100},
};

test('a phase goes on while its query does', () => {
  expect(sinceBefore(seen, {...seen, done: 400})).toBe(seen.since);
  expect(sinceBefore(seen, {...seen, done: 900})).toBe(seen.since);
});

test('a phase goes on where more was done than was expected', () => {
  expect(sinceBefore(seen, {...seen, done: 1_200, total: 1_200})).toBe(seen.since);
});

test.each<[string, Partial<ProgressSeen>]>([
  ['another phase', {phase: 'vacuuming indexes'}],
  ['the same phase of another query', {queryStart: 3_000_000}],
  // Since it was seen last it may have done more than it now has.
  ['the same phase of another table, of which less is done', {done: 150}],
  ['the same phase of a larger table', {done: 500, total: 90_000}],
])('%s begins anew', (_, change) => {
  expect(sinceBefore(seen, {...seen, ...change})).toBeNull();
});

test('what is seen for the first time begins', () => {
  expect(sinceBefore(undefined, seen)).toBeNull();
});
