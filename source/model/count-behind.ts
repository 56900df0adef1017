import type {HolderId} from './wait-graph.ts';

/**
 * For each participant, how many others wait behind it, directly or through others, each counted once and itself never.
 * `blockedBy` names for every participant whom it waits for. One bit set a participant, united along the blocks:
 * blocks × participants / 32 steps when nobody waits in a circle, where following each participant's blocks
 * would take participants × blocks (a storm of 900 waiters has 400,000 blocks).
 */
export function countBehind(
  blockedBy: ReadonlyMap<HolderId, readonly HolderId[]>,
): ReadonlyMap<HolderId, number> {
  const ids = [...blockedBy.keys()];
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const waitersOf: number[][] = ids.map(() => []);
  for (const [index, blockers] of [...blockedBy.values()].entries()) {
    for (const id of blockers) waitersOf[indexOf.get(id) ?? -1]?.push(index);
  }
  const words = Math.ceil(ids.length / 32);
  const behind = ids.map(() => new Uint32Array(words));
  const order = waitersFirst(waitersOf);
  // One pass settles a graph without circles; with one, the members' sets grow until they agree.
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    for (const index of order) isGrowing = unite(index, waitersOf, behind) || isGrowing;
    if (isGrowing && hasNoCircle(order, waitersOf)) break;
  }
  return new Map(ids.map((id, index) => [id, countOthers(behind[index], index)]));
}

/** Every index after all that wait for it, as far as circles allow. */
function waitersFirst(waitersOf: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  const isSeen = new Uint8Array(waitersOf.length);
  for (const start of waitersOf.keys()) {
    const stack = isSeen[start] === 1 ? [] : [{index: start, next: 0}];
    isSeen[start] = 1;
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const waiter = waitersOf[top.index]?.[top.next];
      top.next += 1;
      if (waiter === undefined) {
        order.push(top.index);
        stack.pop();
      } else if (isSeen[waiter] === 0) {
        isSeen[waiter] = 1;
        stack.push({index: waiter, next: 0});
      }
    }
  }
  return order;
}

function hasNoCircle(order: readonly number[], waitersOf: readonly (readonly number[])[]): boolean {
  const rank = new Map(order.map((index, place) => [index, place]));
  return waitersOf.every((waiters, index) =>
    waiters.every(waiter => (rank.get(waiter) ?? 0) < (rank.get(index) ?? 0)),
  );
}

/** Adds the waiters of `index`, and all behind them, to its set. True when the set grew. */
function unite(
  index: number,
  waitersOf: readonly (readonly number[])[],
  behind: readonly Uint32Array[],
): boolean {
  const own = behind[index];
  if (own === undefined) return false;
  let grown = 0;
  const add = (word: number, bits: number) => {
    const before = own[word] ?? 0;
    grown |= bits & ~before;
    own[word] = before | bits;
  };
  for (const waiter of waitersOf[index] ?? []) {
    add(waiter >> 5, 1 << (waiter & 31));
    const others = behind[waiter];
    if (others !== undefined) for (let word = 0; word < others.length; word++) add(word, others[word] ?? 0);
  }
  return grown !== 0;
}

function countOthers(set: Uint32Array | undefined, own: number): number {
  if (set === undefined) return 0;
  let count = 0;
  for (const [word, all] of set.entries()) {
    let bits = word === own >> 5 ? all & ~(1 << (own & 31)) : all;
    for (; bits !== 0; bits &= bits - 1) count++;
  }
  return count;
}
