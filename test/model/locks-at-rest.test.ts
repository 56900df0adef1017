import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import type {Lock} from '../../source/model/lock.ts';
import {areStillAtRest, involvedAtRest, isRecent} from '../../source/model/locks-at-rest.ts';
import {backend} from '../helpers/builders.ts';
import {held, heldPrepared, wanted} from '../helpers/locks.ts';
import {hidden} from '../helpers/snapshots.ts';

const holder = backend({pid: 1, state: 'idle in transaction'});
const waiter = backend({pid: 2, state: 'active', waitEventType: 'Lock', waitEvent: 'relation'});
const runner = backend({pid: 3, state: 'active'});
const LOCKS = [held(1), wanted(2, 5)];

describe('who is involved in a reading of the locks', () => {
  test('is who holds and who waits, not who only runs beside them', () => {
    expect([...(involvedAtRest(LOCKS, [holder, waiter, runner]) ?? [])]).toEqual([
      [1, holder],
      [2, waiter],
    ]);
  });

  test.each<[string, readonly Lock[], readonly Backend[]]>([
    ['somebody with a lock runs', [...LOCKS, held(3, 'AccessShareLock')], [holder, waiter, runner]],
    ['the state of one is not told', LOCKS, [backend({pid: 1, state: 'disabled'}), waiter]],
    ['one is a background process', LOCKS, [backend({pid: 1, state: null, backendType: 'startup'}), waiter]],
    ['one is not in the activity', LOCKS, [waiter]],
    ['a prepared transaction holds one', [heldPrepared(700), wanted(2, 5)], [waiter]],
    ['one waits in the activity and not in the locks', LOCKS, [holder, waiter, backend({...waiter, pid: 4})]],
    [
      'one waits in the locks and not in the activity',
      LOCKS,
      [holder, backend({...waiter, waitEventType: null})],
    ],
    ['somebody is hidden, whoever it is', LOCKS, [holder, waiter, hidden(9)]],
  ])('is not known where %s', (_, locks, backends) => {
    expect(involvedAtRest(locks, backends)).toBeNull();
  });
});

describe('those involved', () => {
  const involved = involvedAtRest(LOCKS, [holder, waiter, runner]) ?? new Map<number, Backend>();

  test.each<[string, boolean, readonly Backend[]]>([
    ['are at rest while they are the same', true, [holder, waiter, runner]],
    ['are at rest whatever others do', true, [holder, backend({pid: 3, state: 'idle'}), waiter]],
    ['are not when one has done something', false, [{...holder}, waiter, runner]],
    ['are not when one has gone', false, [waiter, runner]],
    ['are not when another one waits', false, [holder, waiter, {...waiter, pid: 3}]],
    ['are not when somebody hides whether he waits', false, [holder, waiter, hidden(3)]],
  ])('%s', (_, expected, backends) => expect(areStillAtRest(involved, backends)).toBe(expected));
});

test('an answer stands for three seconds, whichever way the clock goes', () => {
  expect([0, 2_999_999, 3_000_000, -3_000_000].map(later => isRecent(5, 5 + later))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
