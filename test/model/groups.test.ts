import {describe, expect, test} from 'vitest';
import {DIMENSIONS, type DimensionId} from '../../source/model/dimensions.ts';
import {compileFilter} from '../../source/model/filter/compile-filter.ts';
import {parseFilter} from '../../source/model/filter/parse-filter.ts';
import {GROUP_COLUMNS, sortGroups} from '../../source/model/group-columns.ts';
import {GROUPINGS, groupSessions} from '../../source/model/groups.ts';
import {session} from '../helpers/builders.ts';
import {background, hidden, running, snapshot} from '../helpers/snapshots.ts';

const WAITS = {waitEventType: 'Lock', waitEvent: 'relation'};
const {sessions} = snapshot({
  backends: [
    running(1, 10, {usename: 'app', applicationName: 'web "1"\\', queryId: '42', query: 'SELECT 1'}),
    running(2, 90, {usename: 'app', clientAddr: null, clientPort: -1, queryId: '42', ...WAITS}),
    running(3, 300, {usename: 'app', state: 'idle in transaction', datname: 'bank'}),
    running(4, 50, {usename: 'report', state: 'idle', xactStart: null, applicationName: ''}),
    running(5, 5, {usename: 'report', clientHostname: 'db1.example', state: 'idle in transaction (aborted)'}),
    hidden(6),
    background(7, 'checkpointer'),
  ],
});

const texts = (by: (typeof GROUPINGS)[number]) =>
  sortGroups(groupSessions(sessions, by), {column: 'sessions', descending: true}).map(group =>
    GROUP_COLUMNS.map(({text}) => text(group)).join('|'),
  );

describe('sessions in groups', () => {
  test('are counted by what they do, with the oldest query and transaction', () => {
    expect(texts('user')).toEqual([
      'app|3|2|1|1||1m30s|5m00s',
      'report|2|||1|1||5.0s',
      '(none)|1||||||',
      'alice|1|n/a||n/a|n/a|n/a|n/a',
    ]);
  });

  test('tell the query that has run longest', () => {
    const groups = groupSessions(sessions, 'queryid');
    expect(groups.map(({value, sessions: all, query}) => [value, all.length, query])).toEqual([
      ['42', 2, 'SELECT 1'],
      ['', 5, expect.any(String)],
    ]);
  });

  test('stand in the order of any column, those without a value last, equals by name', () => {
    const order = (column: (typeof GROUP_COLUMNS)[number]['id'], descending: boolean) =>
      sortGroups(groupSessions(sessions, 'user'), {column, descending}).map(({value}) => value);
    expect(order('group', false)).toEqual(['', 'alice', 'app', 'report']);
    expect(order('xact-age', true)).toEqual(['app', 'report', '', 'alice']);
    expect(order('xact-age', false)).toEqual(['report', 'app', '', 'alice']);
    expect(order('idle', true)).toEqual(['report', '', 'alice', 'app']);
  });
});

test.each<DimensionId>([...GROUPINGS, 'wait'])(
  'the filter of a value of %s holds for its group and for nobody else',
  by => {
    const dimension = DIMENSIONS[by];
    for (const value of new Set(sessions.map(({backend}) => dimension.valueOf(backend)))) {
      const term = dimension.filterOf(value);
      if (term === null) continue;
      const parsed = parseFilter(term);
      if (!parsed.ok) throw new Error(`${term}: ${parsed.message}`);
      const holds = compileFilter(parsed.filter);
      const found = sessions.filter(each => holds(each, {isTagged: () => false}));
      expect(found).toEqual(sessions.filter(({backend}) => dimension.valueOf(backend) === value));
    }
  },
);

test('a query id that is not known has no filter', () => {
  expect(DIMENSIONS.queryid.filterOf(DIMENSIONS.queryid.valueOf(session().backend))).toBeNull();
});
