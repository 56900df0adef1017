import type {Backend} from '../../source/model/backend.ts';
import type {Lock} from '../../source/model/lock.ts';
import type {Reading} from '../../source/model/snapshot.ts';
import {held, ofTransaction, wanted} from './locks.ts';
import {randomFrom} from './random.ts';
import {NOW, reading, running, SECOND} from './snapshots.ts';

/** One in so many holds the others up, who wait in chains of three. */
const BRANCH = 40;
const CHAIN = 4;

/** A reading of many sessions, a fifth of which wait for rows that others have changed; the same for the same number. */
export function crowd(sessions: number): Reading {
  const random = randomFrom(sessions);
  const waiters = Math.floor(sessions / 5);
  const backends: Backend[] = [];
  const locks: Lock[] = [];
  const holders = new Set<number>();
  for (let index = 0; index < sessions; index++) {
    const pid = 1000 + index;
    const isWaiting = index % BRANCH !== 0 && index < waiters + Math.ceil(waiters / BRANCH);
    const seconds = random.below(3000);
    const idle = !isWaiting && random.below(2) === 0 ? ({state: 'idle', xactStart: null} as const) : {};
    backends.push(
      running(pid, seconds, {
        usename: random.pick(['alice', 'bob', 'carol', 'dave']),
        applicationName: random.pick(['web', 'worker', 'report', 'migrate', 'psql']),
        query: `SELECT * FROM orders WHERE id = ${random.below(1_000_000)} AND note <> '${'x'.repeat(random.below(120))}'`,
        backendXid: String(pid),
        ...(isWaiting ? {waitEventType: 'Lock', waitEvent: 'transactionid'} : {}),
        ...idle,
      }),
    );
    if (!isWaiting) continue;
    const place = index % BRANCH;
    const behind = place % CHAIN <= 1 ? pid - place : pid - 1;
    locks.push(wanted(pid, NOW - seconds * SECOND, 'ShareLock', ofTransaction(behind)));
    holders.add(behind);
  }
  for (const pid of holders) locks.push(held(pid, 'ExclusiveLock', ofTransaction(pid)));
  return reading({backends, locks});
}

/** The reading after it: a fifth of the sessions run something else, and some no longer wait. What did not change is the same object, as a refresh leaves it. */
export function nextReading(before: Reading, seed: number): Reading {
  const random = randomFrom(seed);
  const goneOn = new Set(
    before.locks.flatMap(({pid, granted}) => (!granted && random.below(50) === 0 ? [pid] : [])),
  );
  const backends = before.backends.map(backend =>
    random.below(5) === 0 ? {...backend, query: `SELECT ${random.below(1_000_000)}`} : backend,
  );
  return {
    ...before,
    collectedAt: before.collectedAt + SECOND,
    backends,
    locks: before.locks.filter(({pid, granted}) => granted || !goneOn.has(pid)),
  };
}
