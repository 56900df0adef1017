import {lockTag} from '../model/lock.ts';
import type {LockNode} from '../model/lock-forest.ts';
import {remembered} from '../model/remembered.ts';

/** What one line stands for: a node, or several siblings that differ in nothing but who they are. */
export type SiblingSet = {
  /** Tells a line for several apart from its siblings, and stays from refresh to refresh; null for a line of one. */
  readonly key: string | null;
  readonly nodes: readonly LockNode[];
};

/** From how many on siblings share a line. */
const LEAST = 5;

/** A line for one. */
export function alone(node: LockNode): SiblingSet {
  return {key: null, nodes: [node]};
}

/** The waiters of a node as lines: those without waiters of their own share one when they wait for the same lock in the same mode. */
export const waiterSets = remembered((waiters: readonly LockNode[]) =>
  sets(waiters, ({waiters, wait, cut}) =>
    waiters.length > 0 || wait === null || cut === 'cycle' ? null : `${wait.lock.mode} ${lockTag(wait.lock)}`,
  ),
);

/** The roots as lines: those share one behind whom the same wait, drawn under a root before them. */
export const rootSets = remembered((roots: readonly LockNode[]) =>
  sets(roots, ({id, waiters}) =>
    id < 0 || waiters.length === 0 || waiters.some(({cut}) => cut !== 'repeated')
      ? null
      : `holders of ${waiters.map(waiter => waiter.id).join()}`,
  ),
);

function sets(
  siblings: readonly LockNode[],
  keyOf: (node: LockNode) => string | null,
): readonly SiblingSet[] {
  if (siblings.length < LEAST) return siblings.map(alone);
  const keys = siblings.map(keyOf);
  const byKey = Map.groupBy(siblings.keys(), index => keys[index]);
  return siblings.flatMap((node, index): readonly SiblingSet[] => {
    const key = keys[index] ?? null;
    const members = byKey.get(key) ?? [];
    if (key === null || members.length < LEAST) return [alone(node)];
    return members[0] === index ? [{key, nodes: members.flatMap(member => siblings[member] ?? [])}] : [];
  });
}
