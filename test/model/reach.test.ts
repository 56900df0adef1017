import {describe, expect, test} from 'vitest';
import {countBehind, membersBehind, reachOf} from '../../source/model/reach.ts';
import {randomFrom} from '../helpers/random.ts';

type Blocks = ReadonlyMap<number, readonly number[]>;

/** The counts of a graph that is given by ids. */
function counted(blockedBy: Blocks): ReadonlyMap<number, number> {
  const ids = [...blockedBy.keys()];
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const blockers = [...blockedBy.values()].map(some => some.flatMap(id => indexOf.get(id) ?? []));
  const reach = reachOf({ids, indexOf, blockers});
  for (const id of ids) expect(membersBehind(reach, new Set([id]))).toHaveLength(countBehind(reach, id));
  return new Map(ids.map(id => [id, countBehind(reach, id)]));
}

/** The same counts by walking from each participant to everybody behind it. */
function walked(blockedBy: Blocks): ReadonlyMap<number, number> {
  return new Map(
    [...blockedBy.keys()].map(id => {
      const behind = new Set<number>();
      const next = [id];
      for (let at = next.pop(); at !== undefined; at = next.pop()) {
        for (const [waiter, blockers] of blockedBy) {
          if (blockers.includes(at) && !behind.has(waiter)) {
            behind.add(waiter);
            next.push(waiter);
          }
        }
      }
      behind.delete(id);
      return [id, behind.size];
    }),
  );
}

describe('reachOf', () => {
  test.each<[string, Blocks, Readonly<Record<number, number>>]>([
    ['nobody', new Map(), {}],
    ['a participant alone', new Map([[1, []]]), {1: 0}],
    [
      'a chain',
      new Map([
        [1, []],
        [2, [1]],
        [3, [2]],
      ]),
      {1: 2, 2: 1, 3: 0},
    ],
    [
      'a chain given from its end',
      new Map([
        [3, [2]],
        [2, [1]],
        [1, []],
      ]),
      {1: 2, 2: 1, 3: 0},
    ],
    [
      'a fan',
      new Map([
        [1, []],
        [2, [1]],
        [3, [1]],
      ]),
      {1: 2, 2: 0, 3: 0},
    ],
    [
      'one who waits for two, once',
      new Map([
        [1, []],
        [2, [1]],
        [3, [1]],
        [4, [2, 3]],
      ]),
      {1: 3, 2: 1, 3: 1, 4: 0},
    ],
    [
      'a circle, itself not counted',
      new Map([
        [1, [2]],
        [2, [1]],
      ]),
      {1: 1, 2: 1},
    ],
    [
      'a circle behind a root',
      new Map([
        [1, []],
        [2, [1, 3]],
        [3, [2]],
      ]),
      {1: 2, 2: 1, 3: 1},
    ],
    [
      'who waits for itself, not at all',
      new Map([
        [1, [1]],
        [2, [1]],
      ]),
      {1: 1, 2: 0},
    ],
    [
      'prepared transactions too',
      new Map([
        [-812, []],
        [2, [-812]],
      ]),
      {'-812': 1, 2: 0},
    ],
    ['a blocker that takes no part, not at all', new Map([[2, [99]]]), {2: 0}],
  ])('counts %s', (_, blockedBy, counts) => {
    expect(Object.fromEntries(counted(blockedBy))).toEqual(counts);
  });

  test.each([3, 31, 32, 33, 64, 65, 100])(
    'counts %d in a row to the last, whatever the size of a word',
    length => {
      const blockedBy = new Map(Array.from({length}, (_, id) => [id, id === 0 ? [] : [id - 1]]));
      expect([...counted(blockedBy).values()]).toEqual(Array.from({length}, (_, id) => length - 1 - id));
    },
  );

  test('agrees with a plain walk in 300 random graphs with circles', () => {
    const random = randomFrom(5);
    for (let turn = 0; turn < 300; turn++) {
      const size = 1 + random.below(40);
      const blocks = () => Array.from({length: random.below(4)}, () => random.below(size));
      const blockedBy = new Map(
        Array.from({length: size}, (_, id) => [id, random.below(3) === 0 ? [] : blocks()]),
      );
      expect(counted(blockedBy)).toEqual(walked(blockedBy));
    }
  });

  test('survives 5,000 participants in a row', () => {
    const blockedBy = new Map(Array.from({length: 5000}, (_, id) => [id, id === 0 ? [] : [id - 1]]));
    expect(counted(blockedBy).get(0)).toBe(4999);
  });
});
