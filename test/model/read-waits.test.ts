import {describe, expect, test} from 'vitest';
import {type Lock, lockTag, modesConflict} from '../../source/model/lock.ts';
import {type ProcessFacts, readWaits, type WaitReading} from '../../source/model/read-waits.ts';
import {blockersOf, softOf} from '../../source/model/wait-graph.ts';
import {held, heldPrepared, lock, ofAdvisory, ofTransaction, wanted} from '../helpers/locks.ts';
import {type Random, randomFrom} from '../helpers/random.ts';

/** Every process a lock group of its own, its query begun at a moment as large as its pid. */
const alone: ProcessFacts = {
  groupOf: pid => ({leader: pid, isCertain: true}),
  queryStartOf: pid => pid,
};

/** Processes in these lock groups; undefined for one whose leader is not known. */
const grouped = (groupOf: (pid: number) => number | undefined): ProcessFacts => ({
  ...alone,
  groupOf: pid => ({leader: groupOf(pid) ?? pid, isCertain: groupOf(pid) !== undefined}),
});

/** The blocks of a reading as `waiter: hard | soft`, and who is undecided. */
function told({waits, doubts}: WaitReading): readonly string[] {
  return [
    ...waits.map(wait => `${wait.waiter}: ${wait.hard.join(' ')} | ${softOf(wait).join(' ')}`.trimEnd()),
    ...doubts.flatMap(({pid, kind}) => (kind === 'undecided' ? [`${pid}?`] : [])),
  ];
}

const SHARE = 'AccessShareLock';
const ALTER = 'AccessExclusiveLock';
const WRITE = 'RowExclusiveLock';

/** The locks of a prepared transaction on its own ids, as they are listed under a virtual transaction. */
function preparedIn(virtualtransaction: string, ...transactions: readonly number[]): readonly Lock[] {
  return transactions
    .toReversed()
    .map(id => lock({...ofTransaction(id), pid: null, virtualtransaction, mode: 'ExclusiveLock'}));
}

describe('readWaits', () => {
  test.each<[string, readonly Lock[], readonly string[]]>([
    ['nothing without locks', [], []],
    ['nobody where all locks are granted', [held(1, SHARE), held(2, SHARE)], []],
    ['a holder in a conflicting mode as hard', [held(1), wanted(2, 5)], ['2: 1 |']],
    ['every conflicting holder', [held(1, SHARE), held(3, WRITE), wanted(2, 5)], ['2: 1 3 |']],
    [
      'no holder in a mode that does not conflict',
      [held(1, SHARE), held(3), wanted(2, 5, SHARE)],
      ['2: 3 |'],
    ],
    ['a holder once that holds two conflicting modes', [held(1), held(1, WRITE), wanted(2, 5)], ['2: 1 |']],
    [
      'who is ahead in the queue with a conflicting wish as soft',
      [held(1, SHARE), wanted(2, 5, ALTER), wanted(3, 6, SHARE)],
      ['2: 1 |', '3:  | 2'],
    ],
    [
      'nobody behind in the queue',
      [held(1, SHARE), wanted(3, 6, SHARE), wanted(2, 5, ALTER), wanted(4, 7, ALTER)],
      ['2: 1 |', '3:  | 2', '4: 1 | 2 3'],
    ],
    [
      'nobody ahead whose wish does not conflict',
      [held(1), wanted(2, 5, SHARE), wanted(3, 6, SHARE), wanted(4, 7, WRITE)],
      ['2: 1 |', '3: 1 |', '4: 1 |'],
    ],
    [
      'only those who want the same object',
      [held(1), wanted(2, 5), held(3, ALTER, ofAdvisory(9)), wanted(4, 1, ALTER, ofAdvisory(9))],
      ['2: 1 |', '4: 3 |'],
    ],
    [
      'a holder of the transaction that changed the row',
      [held(1, 'ExclusiveLock', ofTransaction(812)), wanted(2, 5, 'ShareLock', ofTransaction(812))],
      ['2: 1 |'],
    ],
    ['a prepared transaction by its negated id', [heldPrepared(812), wanted(2, 5)], ['2: -812 |']],
    [
      'two prepared transactions apart',
      [heldPrepared(812, SHARE), heldPrepared(813, SHARE), wanted(2, 5)],
      ['2: -812 -813 |'],
    ],
    [
      'a prepared transaction by the id it locks, under the virtual transaction of the session that prepared it',
      [preparedIn('5/77', 812, 814), lock({pid: null, virtualtransaction: '5/77'}), wanted(2, 5)].flat(),
      ['2: -812 |'],
    ],
    [
      'two prepared transactions of one session apart',
      [
        preparedIn('5/77', 812),
        preparedIn('5/78', 820),
        lock({pid: null, virtualtransaction: '5/78', mode: SHARE}),
        lock({pid: null, virtualtransaction: '5/77', mode: SHARE}),
        wanted(2, 5),
      ].flat(),
      ['2: -820 -812 |'],
    ],
    ['nobody when the holder has gone in between', [wanted(2, 5)], ['2:  |']],
  ])('names %s', (_, locks, expected) => {
    expect(told(readWaits(locks, alone))).toEqual(expected);
  });

  test('tells since when it waits, and what for', () => {
    const wish = wanted(2, 5);
    expect(readWaits([held(1), wish], alone).waits).toEqual([
      {waiter: 2, pid: 2, lock: wish, hard: [1], soft: expect.objectContaining({count: 0}), since: 5},
    ]);
  });

  test.each<[string, readonly Lock[], readonly string[]]>([
    [
      'a queue without a waitstart, for those whose wishes conflict',
      [held(1, SHARE), wanted(2, null, ALTER), wanted(3, 6, SHARE), wanted(4, 7, SHARE)],
      ['3:  |', '4:  |', '2: 1 | 3 4', '3?', '4?', '2?'],
    ],
    [
      'a tie of two waitstarts',
      [held(1, SHARE), wanted(2, 5, ALTER), wanted(3, 5, SHARE)],
      ['2: 1 |', '3:  | 2', '2?', '3?'],
    ],
    [
      'a waiter that holds the lock already and so may jump the queue',
      [held(1, SHARE), held(3, SHARE), wanted(2, 5, ALTER), wanted(3, 6, WRITE)],
      ['3:  |', '2: 1 3 |', '3?', '2?'],
    ],
    [
      'a queue without any waitstart, which then is that of the queries',
      [held(1, SHARE), wanted(3, null, SHARE), wanted(2, null, ALTER), wanted(4, null, SHARE)],
      ['2: 1 |', '3:  | 2', '4:  | 2', '2?', '3?', '4?'],
    ],
  ])('leaves %s undecided, with the likeliest queue', (_, locks, expected) => {
    expect(told(readWaits(locks, alone))).toEqual(expected);
  });

  test.each<[string, readonly Lock[]]>([
    ['its waitstart is not known', [held(1), wanted(2, null)]],
    ['it holds the lock in a weaker mode itself', [held(1, SHARE), held(2, SHARE), wanted(2, 5)]],
    [
      'the others in the queue want nothing that conflicts',
      [held(1), wanted(2, null, SHARE), wanted(3, null, SHARE)],
    ],
  ])('decides a lone waiter although %s', (_, locks) => {
    expect(told(readWaits(locks, alone)).filter(line => line.endsWith('?'))).toEqual([]);
  });

  test('decides one queue while another is undecided', () => {
    const other = ofAdvisory(9);
    const reading = readWaits(
      [
        held(1),
        wanted(2, null),
        wanted(3, null),
        held(4, ALTER, other),
        wanted(5, 1, ALTER, other),
        wanted(6, 2, ALTER, other),
      ],
      alone,
    );
    expect(told(reading)).toEqual(['2: 1 |', '3: 1 | 2', '5: 4 |', '6: 4 | 5', '2?', '3?']);
  });

  test.each<[string, readonly Lock[], readonly string[]]>([
    ['a worker waits as its leader', [held(1), wanted(21, 5)], ['20: 1 |']],
    ['a worker blocks as its leader', [held(21), wanted(1, 5)], ['1: 20 |']],
    [
      'a leader and its workers never block each other',
      [held(20), wanted(21, 5), wanted(22, 6)],
      ['20:  |', '20:  |'],
    ],
    [
      'leader and worker that hold one lock block once',
      [held(20, SHARE), held(21, SHARE), wanted(1, 5)],
      ['1: 20 |'],
    ],
  ])('in a lock group: %s', (_, locks, expected) => {
    const groupOf = (pid: number) => (pid >= 20 && pid < 30 ? 20 : pid);
    expect(told(readWaits(locks, grouped(groupOf)))).toEqual(expected);
  });

  test('keeps the pid of the worker that waits', () => {
    const {waits} = readWaits(
      [held(1), wanted(21, 5)],
      grouped(pid => (pid === 21 ? 20 : pid)),
    );
    expect(waits.map(({waiter, pid}) => [waiter, pid])).toEqual([[20, 21]]);
  });

  test('leaves all waits undecided that a worker without a known leader has a part in', () => {
    const groupOf = (pid: number) => (pid === 21 ? undefined : pid);
    const elsewhere = ofAdvisory(9);
    const locks = [held(21), wanted(2, 5), held(3, ALTER, elsewhere), wanted(4, 5, ALTER, elsewhere)];
    expect(told(readWaits(locks, grouped(groupOf)))).toEqual(['2: 21 |', '4: 3 |', '2?']);
  });
});

const MODES = [SHARE, 'RowShareLock', WRITE, 'ShareLock', 'ExclusiveLock', ALTER] as const;

/** A reading in which nobody waits for what it holds and every wait began at another moment. */
function randomLocks(random: Random): readonly Lock[] {
  const locks: Lock[] = [];
  for (let pid = 1; pid <= 14; pid++) {
    for (let object = 0; object < 3; object++) {
      const roll = random.below(4);
      const mode = random.pick(MODES);
      if (roll === 0) locks.push(held(pid, mode, ofAdvisory(object)));
      if (roll === 1) locks.push(wanted(pid, random.below(1000) * 100 + pid, mode, ofAdvisory(object)));
    }
  }
  return locks;
}

/** pg_blocking_pids as its documentation words it: conflicting holders, and conflicting requests ahead in the queue. */
function blockingPids(pid: number, locks: readonly Lock[]): readonly number[] {
  const wishes = locks.filter(each => each.pid === pid && !each.granted);
  return wishes.flatMap(wish =>
    locks
      .filter(
        other =>
          other.pid !== pid &&
          lockTag(other) === lockTag(wish) &&
          modesConflict(wish.mode, other.mode) &&
          (other.granted || (other.waitstart ?? 0) < (wish.waitstart ?? 0)),
      )
      .flatMap(other => other.pid ?? []),
  );
}

test('agrees with the documented meaning of pg_blocking_pids in 300 random readings', () => {
  const random = randomFrom(3);
  for (let turn = 0; turn < 300; turn++) {
    const locks = randomLocks(random);
    const {waits, doubts} = readWaits(locks, alone);
    expect(doubts.filter(({kind}) => kind === 'undecided')).toEqual([]);
    for (let pid = 1; pid <= 14; pid++) {
      const ours = waits.filter(each => each.waiter === pid).flatMap(blockersOf);
      expect(new Set(ours)).toEqual(new Set(blockingPids(pid, locks)));
    }
  }
});
