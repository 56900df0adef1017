import {expect, test} from 'vitest';
import {ConnectionLost, errorText} from '../../source/postgres/sql-state.ts';

const closed = Object.assign(new Error('write EPIPE'), {code: 'EPIPE'});

test('a connection that ended without a word of the server is told as that', () => {
  expect(errorText(closed)).toBe('the other side closed the connection (write EPIPE)');
});

test('what wraps such an error keeps its own words', () => {
  expect(errorText(new ConnectionLost(errorText(closed), {cause: closed}))).toBe(errorText(closed));
  const words = 'terminating connection due to administrator command';
  expect(errorText(new ConnectionLost(words, {cause: closed}))).toBe(words);
});
