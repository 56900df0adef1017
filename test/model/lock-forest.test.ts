import {describe, expect, test} from 'vitest';
import {EMPTY_FOREST, type LockForest, type LockNode, lockForest} from '../../source/model/lock-forest.ts';
import {blockersOf, type HolderId, type Wait} from '../../source/model/wait-graph.ts';
import {wait} from '../helpers/locks.ts';
import {type Random, randomFrom} from '../helpers/random.ts';

/** The forest as text: `1(2(3))`, `=` for a repeated place, `^` where a circle is cut. */
function drawn({roots}: LockForest): string {
  const text = ({id, waiters, cut}: LockNode): string => {
    const mark = cut === null ? '' : cut === 'cycle' ? '^' : '=';
    return `${id}${mark}${waiters.length === 0 ? '' : `(${waiters.map(text).join(' ')})`}`;
  };
  return roots.map(text).join(' ');
}

describe('lockForest', () => {
  test.each<[string, readonly Wait[], string]>([
    ['a wait', [wait(2, [1])], '1(2)'],
    ['a chain', [wait(3, [2]), wait(2, [1]), wait(4, [3])], '1(2(3(4)))'],
    ['a fan', [wait(2, [1]), wait(3, [1]), wait(4, [1])], '1(2 3 4)'],
    ['a queue behind a waiting ALTER', [wait(2, [1]), wait(3, [], [2]), wait(4, [], [2])], '1(2(3 4))'],
    [
      'a queue of writers under their blocker',
      [wait(2, [1]), wait(3, [1], [2]), wait(4, [1], [2, 3])],
      '1(2 3 4)',
    ],
    ['a waiter under each of two holders', [wait(3, [1, 2]), wait(4, [3])], '1(3(4)) 2(3=)'],
    ['a circle without a root once, from one of it', [wait(1, [2]), wait(2, [1])], '1(2(1^))'],
    ['a circle behind a root', [wait(2, [1, 3]), wait(3, [2])], '1(2(3(2^)))'],
    ['two circles apart', [wait(1, [2]), wait(2, [1]), wait(3, [4]), wait(4, [3])], '1(2(1^)) 3(4(3^))'],
    ['those behind a circle', [wait(1, [2]), wait(2, [1]), wait(3, [2])], '1(2(1^ 3))'],
    [
      'a circle of three and a circle behind it',
      [wait(1, [3]), wait(2, [1]), wait(3, [2]), wait(4, [3, 5]), wait(5, [4])],
      '1(2(3(1^ 4(5(4^)))))',
    ],
    ['a prepared transaction as a root', [wait(2, [-812]), wait(3, [2])], '-812(2(3))'],
    ['one session with two waits once', [wait(2, [1]), wait(2, [3])], '1(2) 3(2=)'],
  ])('draws %s', (_, waits, expected) => {
    expect(drawn(lockForest(waits))).toBe(expected);
  });

  test('has nothing in it when nobody waits', () => {
    expect(lockForest([])).toBe(EMPTY_FOREST);
  });

  test.each<[string, readonly Wait[], string]>([
    ['who holds up most', [wait(2, [1]), wait(4, [3]), wait(5, [3])], '3(4 5) 1(2)'],
    [
      'a root with more behind it in all, though fewer directly',
      [wait(2, [1]), wait(3, [2]), wait(4, [3]), wait(6, [5]), wait(7, [5])],
      '1(2(3(4))) 5(6 7)',
    ],
    [
      'a circle that holds up more than a root',
      [wait(2, [1]), wait(3, [4]), wait(4, [3]), wait(5, [3])],
      '3(4(3^) 5) 1(2)',
    ],
    [
      'among equals who has waited longest',
      [wait(2, [1], [], {since: 9}), wait(3, [1], [], {since: 4})],
      '1(3 2)',
    ],
    [
      'of two with as many behind them whose waiters have waited longer together',
      [
        wait(2, [1], [], {since: 8}),
        wait(3, [1], [], {since: 9}),
        wait(12, [11], [], {since: 2}),
        wait(13, [11], [], {since: 9}),
      ],
      '11(12 13) 1(2 3)',
    ],
    ['who is known to wait before who is not', [wait(2, [1]), wait(3, [1], [], {since: 4})], '1(3 2)'],
    ['else the lowest pid', [wait(9, [7]), wait(8, [6]), wait(5, [7]), wait(4, [6])], '6(4 8) 7(5 9)'],
  ])('puts first %s', (_, waits, expected) => {
    expect(drawn(lockForest(waits))).toBe(expected);
  });

  test('counts who waits directly and in all, each once', () => {
    const {nodes} = lockForest([wait(3, [1, 2]), wait(4, [3]), wait(5, [3], [4])]);
    const counts = [...nodes.values()].map(node => [node.id, node.blocksDirectly, node.blocksInTotal]);
    expect(counts.sort(([a = 0], [b = 0]) => a - b)).toEqual([
      [1, 1, 3],
      [2, 1, 3],
      [3, 2, 2],
      [4, 1, 1],
      [5, 0, 0],
    ]);
  });

  test('keeps those in blockedBy under whom it does not draw', () => {
    const {nodes} = lockForest([wait(2, [1]), wait(3, [1], [2]), wait(4, [1], [2, 3])]);
    expect(nodes.get(4)?.blockedBy).toEqual([1, 2, 3]);
  });

  test('gives a root no wait and a waiter its own', () => {
    const own = wait(2, [1], [], {since: 7});
    const {nodes} = lockForest([own]);
    expect([nodes.get(1)?.wait, nodes.get(2)?.wait]).toEqual([null, own]);
  });
});

/** Random waits among these many sessions; `circles` false lets each wait for lower ids only. */
function randomWaits(random: Random, size: number, circles: boolean): readonly Wait[] {
  const waits: Wait[] = [];
  for (let id = 1; id < size; id++) {
    if (random.below(4) === 0) continue;
    const others = () =>
      Array.from({length: random.below(4)}, () => random.below(circles ? size : id)).filter(
        other => other !== id,
      );
    const hard = [...new Set(others())];
    const soft = [...new Set(others())].filter(other => !hard.includes(other));
    if (hard.length + soft.length > 0)
      waits.push(wait(id, hard, soft, {since: random.below(3) === 0 ? null : id}));
  }
  return waits;
}

/** Whom each participant waits for, as the waits have it. */
function blocksOf(waits: readonly Wait[]): ReadonlyMap<HolderId, ReadonlySet<HolderId>> {
  const blocks = new Map<HolderId, ReadonlySet<HolderId>>();
  for (const each of waits) {
    for (const id of blockersOf(each)) if (!blocks.has(id)) blocks.set(id, new Set());
    blocks.set(each.waiter, new Set(blockersOf(each)));
  }
  return blocks;
}

/** Everybody who is reached from `id` along the blocks, towards those it waits for. */
function reached(blocks: ReadonlyMap<HolderId, ReadonlySet<HolderId>>, id: HolderId): ReadonlySet<HolderId> {
  const found = new Set<HolderId>();
  const next = [id];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    for (const blocker of blocks.get(at) ?? []) {
      if (found.has(blocker)) continue;
      found.add(blocker);
      next.push(blocker);
    }
  }
  return found;
}

/** Every place of the forest with the places above it. */
function places(
  forest: LockForest,
): readonly {readonly node: LockNode; readonly above: readonly HolderId[]}[] {
  const all: {node: LockNode; above: readonly HolderId[]}[] = [];
  const add = (node: LockNode, above: readonly HolderId[]) => {
    all.push({node, above});
    for (const waiter of node.waiters) add(waiter, [...above, node.id]);
  };
  for (const root of forest.roots) add(root, []);
  return all;
}

describe.each([
  ['without circles', false],
  ['with circles', true],
])('in 300 random graphs %s', (_, circles) => {
  const random = randomFrom(circles ? 11 : 12);
  const graphs = Array.from({length: 300}, () => {
    const waits = randomWaits(random, 2 + random.below(16), circles);
    return {forest: lockForest(waits), blocks: blocksOf(waits)};
  });

  test('every participant is drawn once in full, and blockedBy is complete', () => {
    for (const {forest, blocks} of graphs) {
      const full = places(forest).filter(({node}) => node.cut === null);
      expect(full.map(({node}) => node.id).sort()).toEqual([...blocks.keys()].sort());
      expect(new Map(full.map(({node}) => [node.id, new Set(node.blockedBy)]))).toEqual(blocks);
      expect(forest.nodes).toEqual(new Map(full.map(({node}) => [node.id, node])));
    }
  });

  test('a root waits for nobody, or for one that waits for it in turn', () => {
    for (const {forest, blocks} of graphs) {
      for (const {id} of forest.roots) {
        const ahead = reached(blocks, id);
        expect(ahead.size === 0 || ahead.has(id)).toBe(true);
      }
    }
  });

  test('who waits for nobody is a root', () => {
    for (const {forest, blocks} of graphs) {
      const free = [...blocks.keys()].filter(id => blocks.get(id)?.size === 0);
      expect(forest.roots.map(({id}) => id)).toEqual(expect.arrayContaining(free));
    }
  });

  test('each stands under somebody it waits for, and a circle is cut at its own ancestor', () => {
    for (const {forest, blocks} of graphs) {
      for (const {node, above} of places(forest)) {
        const parent = above.at(-1);
        expect(parent === undefined || blocks.get(node.id)?.has(parent)).toBe(true);
        expect(node.cut === 'cycle').toBe(above.includes(node.id));
        expect(node.cut === null || node.waiters.length === 0).toBe(true);
      }
    }
  });

  test('totals and direct blocks equal a plain count', () => {
    for (const {forest, blocks} of graphs) {
      for (const [id, {blocksDirectly, blocksInTotal}] of forest.nodes) {
        const others = [...blocks.keys()].filter(other => other !== id);
        expect(blocksDirectly).toBe(others.filter(other => blocks.get(other)?.has(id)).length);
        expect(blocksInTotal).toBe(others.filter(other => reached(blocks, other).has(id)).length);
      }
    }
  });
});

test('a circle of holders that wait for nobody else has one root', () => {
  const random = randomFrom(13);
  for (let turn = 0; turn < 300; turn++) {
    const waits = randomWaits(random, 2 + random.below(16), true).map(each =>
      wait(each.waiter, blockersOf(each)),
    );
    const blocks = blocksOf(waits);
    const roots = lockForest(waits).roots.map(({id}) => id);
    for (const id of roots) {
      const circle = reached(blocks, id);
      expect(roots.filter(other => circle.has(other) && other !== id)).toEqual([]);
    }
  }
});

test('a storm of 900 waiters in one queue is drawn in well under a second of CPU', () => {
  const queue = Array.from({length: 900}, (_, index) => index + 2);
  const holder = [1];
  const waits = queue.map((id, index) =>
    wait(id, holder, [], {soft: {line: queue, count: index}, since: index}),
  );
  const before = process.cpuUsage();
  const {roots, nodes} = lockForest(waits);
  const tookMs = process.cpuUsage(before).user / 1_000;
  expect([roots.length, roots[0]?.waiters.length, roots[0]?.blocksInTotal, nodes.size]).toEqual([
    1, 900, 900, 901,
  ]);
  expect(tookMs).toBeLessThan(300);
});

test('a storm of 900 waiters whose holder is gone is drawn as fast', () => {
  const queue = Array.from({length: 900}, (_, index) => index + 2);
  const waits = queue.map((id, index) => wait(id, [], [], {soft: {line: queue, count: index}, since: index}));
  const before = process.cpuUsage();
  const {nodes} = lockForest(waits);
  const tookMs = process.cpuUsage(before).user / 1_000;
  expect([nodes.size, nodes.get(2)?.blocksInTotal]).toEqual([900, 899]);
  expect(tookMs).toBeLessThan(300);
});

test('a chain of 5,000 has no end of the stack', () => {
  const waits = Array.from({length: 5000}, (_, id) => wait(id + 2, [id + 1]));
  const {nodes, roots} = lockForest(waits);
  expect([roots.map(({id}) => id), nodes.get(1)?.blocksInTotal, nodes.size]).toEqual([[1], 5000, 5001]);
});

test('400 waiters behind 500 holders are drawn under the first and referred to under the others', () => {
  const holders = Array.from({length: 500}, (_, index) => index + 1);
  const waits = Array.from({length: 400}, (_, index) => wait(index + 1000, holders));
  const {roots} = lockForest(waits);
  expect(roots.map(({waiters}) => waiters.length)).toEqual(holders.map(() => 400));
  expect(new Set(roots.slice(1).flatMap(({waiters}) => waiters)).size).toBe(400);
});
