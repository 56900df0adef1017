import {describe, expect, test} from 'vitest';
import {
  addSize,
  beginMeasuring,
  type DatabaseSize,
  NO_SIZES,
  sizeText,
} from '../../source/model/database-size.ts';
import type {ServerIdentity} from '../../source/model/snapshot.ts';
import {NOW, SECOND} from '../helpers/snapshots.ts';

const known = (second: number, bytes: number): DatabaseSize => ({
  type: 'known',
  datname: 'shop',
  at: NOW + second * SECOND,
  bytes,
});
const SERVER: ServerIdentity = {systemIdentifier: '7', startedAt: NOW, address: '10.0.0.7:5432'};
const REFUSED: DatabaseSize = {
  type: 'not-available',
  datname: 'shop',
  at: 0,
  reason: 'permission denied for database shop',
};
const told = (...sizes: readonly DatabaseSize[]) => {
  const {byName} = sizes.reduce((all, size) => addSize(beginMeasuring(all, SERVER), size, 1), NO_SIZES);
  const shop = byName.get('shop');
  return shop === undefined ? null : sizeText(shop);
};

describe('the size of a database', () => {
  test.each<readonly [string, readonly DatabaseSize[]]>([
    ['8.0M', [known(0, 8 * 2 ** 20)]],
    ['9.0M, +1.0M in 2m10s', [known(0, 8 * 2 ** 20), known(130, 9 * 2 ** 20)]],
    ['7.0M, -1.0M in 10s', [known(0, 8 * 2 ** 20), known(10, 7 * 2 ** 20)]],
    ['8.0M, +0B in 10s', [known(0, 8 * 2 ** 20), known(10, 8 * 2 ** 20)]],
    ['n/a: permission denied for database shop', [REFUSED]],
    ['9.0M, +1.0M in 20s', [known(0, 8 * 2 ** 20), REFUSED, known(20, 9 * 2 ** 20)]],
  ])('is told as %s', (text, sizes) => {
    expect(told(...sizes)).toBe(text);
  });

  test('on another server has no growth', () => {
    const first = addSize(beginMeasuring(NO_SIZES, SERVER), known(0, 1), 1);
    const standby = {...SERVER, address: '10.0.0.8:5432'};
    const restarted = {...SERVER, startedAt: NOW + SECOND};
    expect([standby, restarted, SERVER].map(server => beginMeasuring(first, server).byName.size)).toEqual([
      0, 0, 1,
    ]);
  });

  test('counts how far it is', () => {
    const begun = beginMeasuring(NO_SIZES, SERVER);
    expect([begun.progress, addSize(begun, REFUSED, 7).progress]).toEqual([
      {done: 0, total: null},
      {done: 1, total: 7},
    ]);
  });
});
