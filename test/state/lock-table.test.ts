import {describe, expect, test} from 'vitest';
import type {Lock} from '../../source/model/lock.ts';
import {lockTable, lockTableHeight} from '../../source/state/lock-table.ts';
import {lock, ofTransaction, wanted} from '../helpers/locks.ts';

const tableOf = (locks: readonly Lock[], columns = 120, name = 'orders') =>
  lockTable(
    {key: '', query: '', locks, lockCount: locks.length, relationNames: new Map([['16384/16400', name]])},
    columns,
  );

describe('lockTable', () => {
  test('has a row for each lock, in their order', () => {
    expect(tableOf([wanted(1, 5, 'ShareLock'), lock(), lock(ofTransaction(812))])).toEqual([
      {lock: 'relation', mode: 'ShareLock', granted: 'waits', object: 'orders'},
      {lock: 'relation', mode: 'AccessExclusiveLock', granted: 'yes', object: 'orders'},
      {lock: 'transactionid', mode: 'AccessExclusiveLock', granted: 'yes', object: 'transaction 812'},
    ]);
  });

  test.each([80, 100, 200])('cuts a long name so that the table fits into %d columns', columns => {
    const [row] = tableOf([lock()], columns, 'a'.repeat(300));
    expect(row?.object.length).toBe(columns - 62);
  });

  test('is empty without locks', () => {
    expect(tableOf([])).toEqual([]);
  });
});

test.each([
  [0, 0],
  [1, 5],
  [2, 7],
  [100, 203],
])('%d rows take %d lines', (rows, lines) => {
  expect(lockTableHeight(rows)).toBe(lines);
});
