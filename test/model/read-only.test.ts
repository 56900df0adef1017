import {expect, test} from 'vitest';
import {readOnlyRule} from '../../source/model/read-only.ts';

test.each([
  [undefined, 'db1', false],
  ['', 'db1', false],
  ['0', 'db1', false],
  ['off', '/run/postgresql', false],
  ['1', 'db1', true],
  [' true ', '/run/postgresql', true],
  ['db1', 'db1', true],
  ['DB1', 'db1', true],
  ['db1', 'db10', false],
  ['db1', 'xdb1', false],
  ['prod-*, db1', 'prod-eu-3', true],
  ['prod-*, db1', 'db1', true],
  ['prod-*, db1', 'stage-prod-1', false],
  ['*.prod.example', 'a.prod.example', true],
  ['*.prod.example', 'aXprodXexample', false],
  ['local', '/run/postgresql', true],
  ['local', 'db1', false],
  ['/run/*', '/run/postgresql', true],
  [',', 'db1', false],
])('PGTOP_READ_ONLY=%j holds for %s: %s', (value, host, holds) => {
  expect(readOnlyRule(value)(host)).toBe(holds);
});
