import {describe, expect, test} from 'vitest';
import type {Lock} from '../../source/model/lock.ts';
import {relationKey, relationText, waitObject} from '../../source/model/wait-object.ts';
import {lock, ofAdvisory, ofTransaction} from '../helpers/locks.ts';

const NAMES = new Map([
  ['16384/16400', 'orders'],
  ['0/2615', 'pg_catalog.pg_namespace'],
]);
const NO_RELATION = {database: null, relation: null};

test.each<[string, Partial<Lock>, string]>([
  ['a table', {}, 'orders'],
  ['a table whose name is not known', {relation: 99}, '16384/99'],
  ['a table all databases share', {database: 0, relation: 1262}, '0/1262'],
  ['a row', {locktype: 'tuple', page: 2, tuple: 7}, 'row (2,7) of orders'],
  ['a page', {locktype: 'page', page: 2}, 'page 2 of orders'],
  ['the extension of a table', {locktype: 'extend'}, 'extension of orders'],
  ['a transaction', ofTransaction(812), 'transaction 812'],
  [
    'a virtual transaction',
    {...NO_RELATION, locktype: 'virtualxid', virtualxid: '3/77'},
    'virtual transaction 3/77',
  ],
  ['an advisory lock of one number', ofAdvisory(4711), 'advisory 4711'],
  ['an advisory lock of a large number', ofAdvisory(0, 1), 'advisory 4294967296'],
  [
    'an advisory lock of the largest number',
    ofAdvisory(4_294_967_295, 2_147_483_647),
    'advisory 9223372036854775807',
  ],
  ['an advisory lock of a negative number', ofAdvisory(4_294_967_295, 4_294_967_295), 'advisory -1'],
  ['an advisory lock of the least number', ofAdvisory(0, 2_147_483_648), 'advisory -9223372036854775808'],
  ['an advisory lock of two numbers', ofAdvisory(7, 42, 2), 'advisory (42, 7)'],
  [
    'an advisory lock of two negative numbers',
    ofAdvisory(4_294_967_295, 4_294_967_294, 2),
    'advisory (-2, -1)',
  ],
  [
    'an object of a catalog',
    {...NO_RELATION, locktype: 'object', classid: 1259, objid: 5, objsubid: 0},
    'object 1259/5/0',
  ],
  [
    'an object of a catalog whose name is known',
    {...NO_RELATION, locktype: 'object', classid: 2615, objid: 16_390, objsubid: 0},
    'object 16390 of pg_namespace',
  ],
  [
    'a speculative token',
    {...ofTransaction(812), locktype: 'spectoken', objid: 3},
    'speculative token 3 of transaction 812',
  ],
  [
    'a speculative token as old servers tell it',
    {...NO_RELATION, locktype: 'speculative token', database: 812, classid: 3, objid: 0, objsubid: 0},
    'speculative token 3 of transaction 812',
  ],
  ['what a newer server locks', {...NO_RELATION, locktype: 'quantum'}, 'quantum'],
])('a lock on %s is put into words', (_, differences, words) => {
  expect(waitObject(lock(differences), NAMES)).toBe(words);
});

describe('the relation of a lock', () => {
  test('has the key of database and oid', () => {
    expect(relationKey(lock({database: 5, relation: 7}))).toBe('5/7');
  });

  test('is null for a lock on no relation', () => {
    const advisory = lock(ofAdvisory(1));
    expect([relationKey(advisory), relationText(advisory, NAMES)]).toEqual([null, null]);
  });

  test('of another database does not take the name of one here', () => {
    expect(relationText(lock({database: 5}), NAMES)).toBe('5/16400');
  });
});
