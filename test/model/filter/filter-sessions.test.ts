import {describe, expect, test} from 'vitest';
import {filterSessions, isTooSlow} from '../../../source/model/filter/filter-sessions.ts';
import {parseFilter} from '../../../source/model/filter/parse-filter.ts';
import {running, snapshot} from '../../helpers/snapshots.ts';

const {sessions} = snapshot({
  backends: [
    running(1, 9, {query: `SELECT '${'y'.repeat(1_000)}'`, applicationName: 'loader'}),
    running(2, 9, {query: 'SELECT yes', applicationName: 'web'}),
  ],
});
const NOBODY = {isTagged: () => false};

function filtered(expression: string) {
  const parsed = parseFilter(expression);
  if (!parsed.ok) throw new Error(parsed.message);
  const pids = filterSessions(sessions, parsed.filter, NOBODY).map(({backend}) => backend.pid);
  return {pids, isSlow: isTooSlow(parsed.filter), filter: parsed.filter};
}

describe('the sessions that a filter lets pass', () => {
  test.each([
    ['web', [2]],
    ['/y+e?s/', [2]],
    ['/^select/', [1, 2]],
    ['!/yes/', [1]],
    ['app~/^lo+a/', [1]],
  ])('%s', (expression, pids) => {
    expect(filtered(expression)).toMatchObject({pids, isSlow: false});
  });

  // Left alone it would take longer than there are computers.
  test.each(['/(y+y+)+z/', '!/(y+y+)+z/', 'query~/(y+y+)+z/', '!query~/(y*)*z/'])(
    'are none where that cannot be known in time: %s',
    expression => {
      const startedAt = performance.now();
      const {pids, isSlow, filter} = filtered(expression);
      expect([pids, isSlow]).toEqual([[], true]);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      const again = performance.now();
      expect(filterSessions(sessions, filter, NOBODY)).toEqual([]);
      expect(performance.now() - again).toBeLessThan(100);
    },
  );
});
