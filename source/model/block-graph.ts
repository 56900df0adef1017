import type {BlockGraph} from './reach.ts';
import type {Ahead, HolderId, Wait} from './wait-graph.ts';

/**
 * The waits as a graph. Those who wait for the same holders, and those in one queue, are told through nodes that stand for several: a
 * queue of n takes n blocks instead of n².
 */
export function blockGraph(waits: readonly Wait[]): BlockGraph {
  const indexOf = new Map<HolderId, number>();
  const note = (id: HolderId) => {
    if (!indexOf.has(id)) indexOf.set(id, indexOf.size);
  };
  const lists = new Set<readonly HolderId[]>();
  for (const {waiter, hard, soft} of waits) {
    note(waiter);
    for (const list of [hard, soft.line]) {
      if (list.length > 0 && !lists.has(list)) list.forEach(note);
      lists.add(list);
    }
  }
  const blockers: number[][] = Array.from(indexOf, () => []);
  const indexesOf = (some: readonly HolderId[]) => some.map(id => indexOf.get(id) ?? 0);
  const holders = standIns(blockers, indexesOf);
  const queues = queueStandIns(blockers, indexesOf);
  for (const {waiter, hard, soft} of waits) {
    const own = blockers[indexOf.get(waiter) ?? 0];
    own?.push(...holders(hard), ...queues(soft));
  }
  return {ids: [...indexOf.keys()], indexOf, blockers};
}

type IndexesOf = (some: readonly HolderId[]) => readonly number[];

/** Gives a list the node that stands for it, the same one each time; a list of one needs none. */
function standIns(blockers: number[][], indexesOf: IndexesOf) {
  const nodes = new Map<readonly HolderId[], number>();
  return (list: readonly HolderId[]): readonly number[] => {
    if (list.length < 2) return indexesOf(list);
    const known = nodes.get(list) ?? blockers.push([...indexesOf(list)]) - 1;
    nodes.set(list, known);
    return [known];
  };
}

/** Gives the head of a line the node that stands for it: the node of a shorter head, and who comes after that. */
function queueStandIns(blockers: number[][], indexesOf: IndexesOf) {
  const heads = new Map<readonly HolderId[], {readonly node: number; readonly count: number}>();
  return ({line, count}: Ahead): readonly number[] => {
    const before = heads.get(line);
    if (count < 2 || (before !== undefined && count < before.count)) return indexesOf(line.slice(0, count));
    if (before?.count === count) return [before.node];
    const shorter = before === undefined ? [] : [before.node];
    const node = blockers.push([...shorter, ...indexesOf(line.slice(before?.count ?? 0, count))]) - 1;
    heads.set(line, {node, count});
    return [node];
  };
}
