import type {HolderId} from './wait-graph.ts';

/** The blocks among participants as a graph. Nodes below `ids.length` are participants, those above stand for several of them. */
export type BlockGraph = {
  readonly ids: readonly HolderId[];
  readonly indexOf: ReadonlyMap<HolderId, number>;
  /** For each node the nodes it waits for. */
  readonly blockers: readonly (readonly number[])[];
};

/** For each participant everybody who waits behind it, directly or through others: one set of bits for all of a circle. */
export type Reach = {
  readonly ids: readonly HolderId[];
  readonly indexOf: ReadonlyMap<HolderId, number>;
  readonly sets: readonly Uint32Array[];
};

/**
 * Who waits behind whom in a graph, circles included: (nodes + blocks) × participants / 32 steps, where following each participant's
 * blocks would take participants × blocks.
 */
export function reachOf({ids, indexOf, blockers}: BlockGraph): Reach {
  const words = Math.ceil(ids.length / 32);
  const sets: Uint32Array[] = new Array(blockers.length);
  const components = componentsOf(blockers);
  for (const component of components) {
    const set = new Uint32Array(words);
    for (const node of component) sets[node] = set;
  }
  // Those who wait come before whom they wait for.
  for (const component of components.reverse()) {
    const [first = 0] = component;
    const set = sets[first] ?? new Uint32Array(words);
    const isCircle = component.length > 1;
    if (isCircle) for (const node of component) include(set, node, ids.length);
    for (const node of component) {
      for (const blocker of blockers[node] ?? []) {
        const target = sets[blocker];
        if (target === undefined || target === set) continue;
        for (let word = 0; word < words; word++) target[word] = (target[word] ?? 0) | (set[word] ?? 0);
        include(target, node, ids.length);
      }
    }
  }
  return {ids, indexOf, sets: sets.slice(0, ids.length)};
}

function include(set: Uint32Array, node: number, participants: number): void {
  if (node < participants) set[node >> 5] = (set[node >> 5] ?? 0) | (1 << (node & 31));
}

/** How many wait behind a participant, itself not counted. */
export function countBehind({indexOf, sets}: Reach, id: HolderId): number {
  const own = indexOf.get(id) ?? -1;
  const set = sets[own];
  if (set === undefined) return 0;
  let count = 0;
  for (let word = 0; word < set.length; word++) count += countBits(set[word] ?? 0);
  const isOwn = ((set[own >> 5] ?? 0) & (1 << (own & 31))) !== 0;
  return isOwn ? count - 1 : count;
}

/** The bits of a word, counted in pairs, then in fours, then in bytes at once. */
function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The sum of what each one who waits behind a participant weighs, itself not counted; the weights stand in the order of `ids`. */
export function sumBehind({indexOf, sets}: Reach, id: HolderId, weights: Float64Array): number {
  const own = indexOf.get(id) ?? -1;
  const set = sets[own];
  if (set === undefined) return 0;
  let sum = 0;
  for (let word = 0; word < set.length; word++) {
    for (let rest = set[word] ?? 0; rest !== 0; rest &= rest - 1) {
      const index = indexOfLowest(word, rest);
      if (index !== own) sum += weights[index] ?? 0;
    }
  }
  return sum;
}

/** Everybody who waits behind one of these, without them. */
export function membersBehind(
  {ids, indexOf, sets}: Reach,
  roots: ReadonlySet<HolderId>,
): readonly HolderId[] {
  const behind = new Uint32Array(Math.ceil(ids.length / 32));
  for (const root of roots) {
    const set = sets[indexOf.get(root) ?? -1];
    if (set !== undefined)
      for (const [word, bits] of set.entries()) behind[word] = (behind[word] ?? 0) | bits;
  }
  const members: HolderId[] = [];
  for (const [word, bits] of behind.entries()) {
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const id = ids[indexOfLowest(word, rest)];
      if (id !== undefined && !roots.has(id)) members.push(id);
    }
  }
  return members;
}

/** The participant that the lowest bit of what is left of a word stands for. */
function indexOfLowest(word: number, rest: number): number {
  return 32 * word + 31 - Math.clz32(rest & -rest);
}

/** The circles of a graph, and each other node as one of its own; whom a node waits for comes before it. */
function componentsOf(blockers: readonly (readonly number[])[]): number[][] {
  const components: number[][] = [];
  const order = new Int32Array(blockers.length).fill(-1);
  const lowest = new Int32Array(blockers.length);
  const isOpen = new Uint8Array(blockers.length);
  const open: number[] = [];
  let met = 0;
  const enter = (node: number) => {
    order[node] = lowest[node] = met++;
    isOpen[node] = 1;
    open.push(node);
    return {node, next: 0};
  };
  const close = (node: number) => {
    const component = open.splice(open.lastIndexOf(node));
    for (const member of component) isOpen[member] = 0;
    components.push(component);
  };
  const at = (values: Int32Array, node: number) => values[node] ?? 0;
  for (const start of blockers.keys()) {
    const path = order[start] === -1 ? [enter(start)] : [];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const {node} = top;
      const blocker = blockers[node]?.[top.next++];
      if (blocker === undefined) {
        if (lowest[node] === order[node]) close(node);
        path.pop();
        const parent = path.at(-1)?.node;
        if (parent !== undefined) lowest[parent] = Math.min(at(lowest, parent), at(lowest, node));
      } else if (order[blocker] === -1) path.push(enter(blocker));
      else if (isOpen[blocker] === 1) lowest[node] = Math.min(at(lowest, node), at(order, blocker));
    }
  }
  return components;
}
