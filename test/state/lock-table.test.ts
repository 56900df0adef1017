import {describe, expect, test} from 'vitest';
import type {Lock} from '../../source/model/lock.ts';
import {
  type LockTableColumn,
  lockTable,
  lockTableColumns,
  lockTableHeight,
} from '../../source/state/lock-table.ts';
import {lock, ofTransaction, wanted} from '../helpers/locks.ts';

const tableOf = (locks: readonly Lock[], columns = 120, name = 'orders') =>
  lockTable(
    {
      key: '',
      query: '',
      locks,
      io: null,
      lockCount: locks.length,
      relationNames: new Map([['16384/16400', name]]),
    },
    columns,
  );

describe('lockTable', () => {
  test('has a row for each lock, in their order', () => {
    expect(tableOf([wanted(1, 5, 'ShareLock'), lock(), lock(ofTransaction(812))])).toEqual([
      {lock: 'relation', mode: 'Share', granted: 'waits', object: 'orders'},
      {lock: 'relation', mode: 'AccessExclusive', granted: 'yes', object: 'orders'},
      {lock: 'transactionid', mode: 'AccessExclusive', granted: 'yes', object: 'transaction 812'},
    ]);
  });

  test.each([40, 50, 60, 71, 80, 100, 200])(
    'cuts a long name so that the table fits into %d columns',
    columns => {
      const [row] = tableOf([lock({mode: 'ShareUpdateExclusiveLock'})], columns, '表'.repeat(300));
      const shown = lockTableColumns(columns);
      const width = (column: LockTableColumn) => Math.max(column.length, row?.[column].length ?? 0) + 3;
      expect(shown.reduce((sum, column) => sum + width(column), 1)).toBeLessThanOrEqual(columns);
      expect(row?.object).toMatch(/^\?+\+$/);
    },
  );

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
