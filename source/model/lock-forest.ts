import {countBehind} from './count-behind.ts';
import {blockersOf, type HolderId, type Wait} from './wait-graph.ts';

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

/** The lock-wait forest of one snapshot, roots that hold up most first. */
export type LockForest = {
  readonly roots: readonly LockNode[];
  /** Every participant at its first place in the forest. */
  readonly nodes: ReadonlyMap<HolderId, LockNode>;
};

type Participant = {
  readonly wait: Wait | null;
  readonly blockedBy: readonly HolderId[];
  readonly drawnUnder: readonly HolderId[];
};

/** The forest without any wait. */
export const EMPTY_FOREST: LockForest = {roots: [], nodes: new Map()};

/**
 * The waits as a forest: every waiter stands under those who block it. Who merely stands ahead in the same queue,
 * waiting for the same blocker, is not drawn as a parent (a queue of n would else be drawn n² times) but stays in
 * `blockedBy`. A participant with several parents stands under each, with its own waiters under the first only; a cycle is cut
 * where it closes. Time and space grow with the number of blocks, plus participants² / 32 for the totals.
 */
export function lockForest(waits: readonly Wait[]): LockForest {
  if (waits.length === 0) return EMPTY_FOREST;
  const participants = participantsOf(waits);
  const ids = [...participants.keys()];
  const totals = countBehind(new Map([...participants].map(([id, {blockedBy}]) => [id, blockedBy])));
  const direct = new Map<HolderId, number>();
  const children = new Map<HolderId, HolderId[]>();
  for (const [id, {blockedBy, drawnUnder}] of participants) {
    for (const blocker of blockedBy) direct.set(blocker, (direct.get(blocker) ?? 0) + 1);
    for (const parent of drawnUnder) {
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [id]);
      else siblings.push(id);
    }
  }
  const order = (a: HolderId, b: HolderId) =>
    (totals.get(b) ?? 0) - (totals.get(a) ?? 0) || since(participants, a) - since(participants, b) || a - b;
  const nodes = new Map<HolderId, LockNode>();
  const ancestors = new Set<HolderId>();
  const begun = new Set<HolderId>();
  const draw = (id: HolderId): LockNode => {
    const cut = ancestors.has(id) ? 'cycle' : begun.has(id) ? 'repeated' : null;
    begun.add(id);
    ancestors.add(id);
    const waiters = cut === null ? (children.get(id) ?? []).sort(order).map(draw) : [];
    if (cut !== 'cycle') ancestors.delete(id);
    const node: LockNode = {
      id,
      wait: participants.get(id)?.wait ?? null,
      blockedBy: participants.get(id)?.blockedBy ?? [],
      blocksDirectly: direct.get(id) ?? 0,
      blocksInTotal: totals.get(id) ?? 0,
      waiters,
      cut,
    };
    if (cut === null) nodes.set(id, node);
    return node;
  };
  const roots = ids
    .filter(id => participants.get(id)?.blockedBy.length === 0)
    .sort(order)
    .map(draw);
  // Those who only wait in a circle have no root: the worst of each circle is drawn as one.
  const circles: LockNode[] = [];
  for (const id of ids.filter(id => !begun.has(id)).sort(order)) if (!begun.has(id)) circles.push(draw(id));
  return {roots: [...roots, ...circles].sort((a, b) => order(a.id, b.id)), nodes};
}

function since(participants: ReadonlyMap<HolderId, Participant>, id: HolderId): number {
  return participants.get(id)?.wait?.since ?? Number.POSITIVE_INFINITY;
}

function participantsOf(waits: readonly Wait[]): Map<HolderId, Participant> {
  const byWaiter = Map.groupBy(waits, wait => wait.waiter);
  const all = new Map<HolderId, Participant>();
  for (const [waiter, own] of byWaiter) {
    const blockedBy = [...new Set(own.flatMap(blockersOf))];
    const drawnUnder = [...new Set(own.flatMap(wait => drawnParents(wait, byWaiter)))];
    all.set(waiter, {wait: own[0] ?? null, blockedBy, drawnUnder});
  }
  for (const {blockedBy} of [...all.values()]) {
    for (const id of blockedBy) if (!all.has(id)) all.set(id, {wait: null, blockedBy: [], drawnUnder: []});
  }
  return all;
}

/** The blockers without those queued ahead who wait for another of the blockers. */
function drawnParents(wait: Wait, byWaiter: ReadonlyMap<HolderId, readonly Wait[]>): readonly HolderId[] {
  if (wait.soft.length === 0) return wait.hard;
  const blockers = new Set(blockersOf(wait));
  const isOneOf = (id: HolderId) => blockers.has(id);
  const isBehindAnother = (id: HolderId) =>
    byWaiter.get(id)?.some(other => other.hard.some(isOneOf) || other.soft.some(isOneOf)) ?? false;
  const parents = [...wait.hard, ...wait.soft.filter(id => !isBehindAnother(id))];
  return parents.length === 0 ? wait.soft : parents;
}
