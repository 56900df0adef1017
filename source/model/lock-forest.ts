import {blockGraph} from './block-graph.ts';
import {directWaiters} from './direct-waiters.ts';
import {drawnParents} from './drawn-parents.ts';
import {countBehind, type Reach, reachOf, sumBehind} from './reach.ts';
import {blockersOf, type HolderId, joined, type Wait} from './wait-graph.ts';

/** One line of the lock-wait forest: somebody who waits or is waited for, with those who wait for it below. */
export type LockNode = {
  readonly id: HolderId;
  /** What it waits for itself; null for a root blocker. */
  readonly wait: Wait | null;
  /** Everybody it waits for, those included under which it is not drawn since they only stand ahead in the same queue. */
  readonly blockedBy: readonly HolderId[];
  readonly blocksDirectly: number;
  /** Everybody who waits behind it, directly or through others; each counted once. */
  readonly blocksInTotal: number;
  readonly waiters: readonly LockNode[];
  /** Why its waiters are left out here: it is its own ancestor, or they stand under an earlier place of it. */
  readonly cut: 'cycle' | 'repeated' | null;
};

/** The lock-wait forest of one snapshot, roots that do most damage first. */
export type LockForest = {
  readonly roots: readonly LockNode[];
  /** Every participant at its first place in the forest. */
  readonly nodes: ReadonlyMap<HolderId, LockNode>;
  readonly reach: Reach;
};

/** The forest without any wait. */
export const EMPTY_FOREST: LockForest = {
  roots: [],
  nodes: new Map(),
  reach: {ids: [], indexOf: new Map(), sets: []},
};

/** What is known of a participant before it is drawn. */
type Participant = Omit<LockNode, 'waiters' | 'cut'> & {readonly drawnUnder: readonly HolderId[]};

/**
 * The waits as a forest: every waiter stands under those who block it. Who merely stands ahead in the same queue,
 * waiting for the same blocker, is not drawn as a parent (a queue of n would else be drawn n² times) but stays in
 * `blockedBy`. A participant with several parents stands under each, with its own waiters under the first only; a cycle is cut
 * where it closes. Roots are ordered by those who wait behind them, then by how long these wait together.
 */
export function lockForest(waits: readonly Wait[]): LockForest {
  if (waits.length === 0) return EMPTY_FOREST;
  const reach = reachOf(blockGraph(waits));
  const participants = participantsOf(waits, reach);
  const ordered = [...participants.values()].sort(byDamage);
  const children = new Map<HolderId, Participant[]>();
  for (const participant of ordered) {
    for (const parent of participant.drawnUnder) {
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [participant]);
      else siblings.push(participant);
    }
  }
  const nodes = new Map<HolderId, LockNode>();
  const draw = drawer(children, nodes);
  const roots = ordered.filter(({blockedBy}) => blockedBy.length === 0).map(draw);
  // Those who only wait in a circle have no root: the worst of each circle is drawn as one.
  for (const participant of ordered) if (!nodes.has(participant.id)) roots.push(draw(participant));
  const waited = waitedBehind(roots, participants, reach);
  const at = new Map(ordered.map(({id}, place) => [id, place]));
  const order = (a: LockNode, b: LockNode) =>
    b.blocksInTotal - a.blocksInTotal ||
    (waited.get(b.id) ?? 0) - (waited.get(a.id) ?? 0) ||
    (at.get(a.id) ?? 0) - (at.get(b.id) ?? 0);
  return {roots: roots.sort(order), nodes, reach};
}

/** Who holds up most first, then who has waited longest, then the lower id. */
function byDamage(a: Participant, b: Participant): number {
  return b.blocksInTotal - a.blocksInTotal || sinceOf(a) - sinceOf(b) || a.id - b.id;
}

/** A moment after all others stands for one that is not known. */
function sinceOf({wait}: Pick<Participant, 'wait'>): number {
  return wait?.since ?? Number.MAX_SAFE_INTEGER;
}

/** Draws participants with everybody below them; `nodes` gets each at its first place. */
function drawer(
  children: ReadonlyMap<HolderId, readonly Participant[]>,
  nodes: Map<HolderId, LockNode>,
): (root: Participant) => LockNode {
  const references = new Map<HolderId, LockNode>();
  const reference = (participant: Participant) => {
    const known = references.get(participant.id) ?? nodeOf(participant, [], 'repeated');
    references.set(participant.id, known);
    return known;
  };
  const begin = (participant: Participant) => {
    const waiters: LockNode[] = [];
    const node = nodeOf(participant, waiters, null);
    nodes.set(node.id, node);
    return {node, waiters, next: 0};
  };
  return root => {
    const first = begin(root);
    const path = [first];
    const ancestors = new Set([root.id]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const waiter = children.get(top.node.id)?.[top.next++];
      if (waiter === undefined) {
        ancestors.delete(top.node.id);
        path.pop();
      } else if (ancestors.has(waiter.id)) top.waiters.push(nodeOf(waiter, [], 'cycle'));
      else if (nodes.has(waiter.id)) top.waiters.push(reference(waiter));
      else {
        const begun = begin(waiter);
        top.waiters.push(begun.node);
        path.push(begun);
        ancestors.add(waiter.id);
      }
    }
    return first.node;
  };
}

function nodeOf(participant: Participant, waiters: readonly LockNode[], cut: LockNode['cut']): LockNode {
  const {id, wait, blockedBy, blocksDirectly, blocksInTotal} = participant;
  return {id, wait, blockedBy, blocksDirectly, blocksInTotal, waiters, cut};
}

/** How long those behind each root wait, summed up to the latest beginning of a wait: enough to compare them. Microseconds. */
function waitedBehind(
  roots: readonly LockNode[],
  participants: ReadonlyMap<HolderId, Participant>,
  reach: Reach,
): ReadonlyMap<HolderId, number> {
  let latest = 0;
  for (const {wait} of participants.values()) latest = Math.max(latest, wait?.since ?? 0);
  const waited = new Float64Array(reach.ids.length);
  for (const [index, id] of reach.ids.entries())
    waited[index] = latest - (participants.get(id)?.wait?.since ?? latest);
  return new Map(roots.map(({id}) => [id, sumBehind(reach, id, waited)]));
}

function participantsOf(waits: readonly Wait[], reach: Reach): ReadonlyMap<HolderId, Participant> {
  const byWaiter = Map.groupBy(waits, wait => wait.waiter);
  const direct = directWaiters(byWaiter);
  const parentsOf = drawnParents(byWaiter);
  return new Map(
    reach.ids.map(id => {
      const own = byWaiter.get(id) ?? [];
      return [
        id,
        {
          id,
          wait: own[0] ?? null,
          blockedBy: joined(own.map(blockersOf)),
          blocksDirectly: direct.get(id) ?? 0,
          blocksInTotal: countBehind(reach, id),
          drawnUnder: joined(own.map(parentsOf)),
        },
      ];
    }),
  );
}
