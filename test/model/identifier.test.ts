import {expect, test} from 'vitest';
import {identifier} from '../../source/model/identifier.ts';

test.each([
  ['monitor', 'monitor'],
  ['on_call_2', 'on_call_2'],
  ['Ann', '"Ann"'],
  ['two words', '"two words"'],
  ['a"b', '"a""b"'],
  ['2nd', '"2nd"'],
])('%s is written %s', (name, written) => {
  expect(identifier(name)).toBe(written);
});
