import {expect, test} from 'vitest';
import {suggestField} from '../../../source/model/filter/suggest-field.ts';

test.each([
  ['usr', 'user'],
  ['usename', 'user'],
  ['Username', 'user'],
  ['datbase', 'db'],
  ['statee', 'state'],
  ['transaction', 'xact'],
  ['xat', 'xact'],
  ['pids', 'pid'],
  ['query_id', 'queryid'],
  ['waits', 'wait'],
  ['foo', null],
  ['x', null],
  ['constructor', null],
  ['a'.repeat(10_000), null],
])('suggestField offers for %s the field %s', (name, field) => {
  expect(suggestField(name)).toBe(field);
});
