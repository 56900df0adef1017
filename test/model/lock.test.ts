import {describe, expect, test} from 'vitest';
import {lockTag, modesConflict} from '../../source/model/lock.ts';
import {lock, ofAdvisory, ofTransaction} from '../helpers/locks.ts';

/** Table 13.2 of PostgreSQL's documentation, Conflicting Lock Modes: requested mode down, existing mode across, X where they conflict. */
const TABLE = [
  ['AccessShareLock', '.......X'],
  ['RowShareLock', '......XX'],
  ['RowExclusiveLock', '....XXXX'],
  ['ShareUpdateExclusiveLock', '...XXXXX'],
  ['ShareLock', '..XX.XXX'],
  ['ShareRowExclusiveLock', '..XXXXXX'],
  ['ExclusiveLock', '.XXXXXXX'],
  ['AccessExclusiveLock', 'XXXXXXXX'],
] as const;

const MODES = TABLE.map(([mode]) => mode);

describe('modesConflict', () => {
  test.each(TABLE)('has the row of the documentation for %s', (wanted, row) => {
    expect(MODES.map(held => (modesConflict(wanted, held) ? 'X' : '.')).join('')).toBe(row);
  });

  test('is the same in either direction', () => {
    for (const a of MODES) for (const b of MODES) expect(modesConflict(a, b)).toBe(modesConflict(b, a));
  });

  test.each(['SIReadLock', 'FancyNewLock', ''])('lets the unknown mode %j conflict with nothing', mode => {
    for (const other of MODES)
      expect([modesConflict(mode, other), modesConflict(other, mode)]).toEqual([false, false]);
  });
});

describe('lockTag', () => {
  test('is the same for all who compete for one object, whoever they are and whatever they want', () => {
    const tags = [
      lock(),
      lock({pid: 2, mode: 'AccessShareLock', granted: false, waitstart: 5}),
      lock({pid: null, virtualtransaction: '-1/812'}),
    ].map(lockTag);
    expect(new Set(tags).size).toBe(1);
  });

  test('differs for every two objects', () => {
    const tags = [
      lock(),
      lock({database: 0}),
      lock({relation: 2}),
      lock({locktype: 'extend'}),
      lock({locktype: 'page', page: 3}),
      lock({locktype: 'tuple', page: 3, tuple: 7}),
      lock({locktype: 'tuple', page: 37, tuple: null}),
      lock(ofTransaction(812)),
      lock({...ofTransaction(812), locktype: 'virtualxid', transactionid: null, virtualxid: '3/7'}),
      lock(ofAdvisory(1)),
      lock(ofAdvisory(1, 1)),
      lock(ofAdvisory(1, 0, 2)),
    ].map(lockTag);
    expect(new Set(tags).size).toBe(tags.length);
  });
});
