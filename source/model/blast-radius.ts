import type {LockForest, LockNode} from './lock-forest.ts';
import {membersBehind} from './reach.ts';
import type {SignalAction} from './signal.ts';
import type {HolderId} from './wait-graph.ts';

/** What becomes of those who wait behind some participants of the forest when these are signalled together. The participants themselves are counted nowhere. */
export type BlastRadius = {
  /** How many get all that they wait for at once. */
  readonly freed: number;
  /** How many go on waiting: for others too, or for one of those who are freed and then hold what they want. */
  readonly stillWaiting: number;
  /** Behind whom these stay: at the end of their waits, each waiter under one, most waiters first. */
  readonly behind: readonly {readonly id: HolderId; readonly waiters: number}[];
};

/** Nobody waits behind those who are signalled. */
export const NO_RADIUS: BlastRadius = {freed: 0, stillWaiting: 0, behind: []};

/**
 * What terminating these participants together does: all their locks and wishes go. Somebody is freed when nobody else
 * blocks it, which is when the server grants a lock; who is freed may hold others up again until its own transaction ends.
 */
export function blastRadius(forest: LockForest, ids: ReadonlySet<HolderId>): BlastRadius {
  return radiusOf(forest, ids, () => true);
}

/**
 * What cancelling the queries of these sessions does, all of which run one. The error ends the transaction, and with it go the wishes and the
 * locks, as with terminating; but an advisory lock may be the session's own and then stays, so it counts as kept. Locks
 * taken before a savepoint stay too, which nothing the server shows tells: a cancel frees at most this many.
 */
export function cancelRadius(forest: LockForest, ids: ReadonlySet<HolderId>): BlastRadius {
  return radiusOf(forest, ids, ({wait}, id) => wait?.lock.locktype !== 'advisory' || !wait.hard.includes(id));
}

/** What signalling these participants together does, see blastRadius and cancelRadius. */
export function signalRadius(
  action: SignalAction,
  forest: LockForest,
  ids: ReadonlySet<HolderId>,
): BlastRadius {
  return (action === 'cancel' ? cancelRadius : blastRadius)(forest, ids);
}

function radiusOf(
  {nodes, reach}: LockForest,
  ids: ReadonlySet<HolderId>,
  isReleased: (waiter: LockNode, id: HolderId) => boolean,
): BlastRadius {
  const isGone = (waiter: LockNode, id: HolderId) => ids.has(id) && isReleased(waiter, id);
  const firstLeft = (node: LockNode | undefined) => node?.blockedBy.find(id => !isGone(node, id));
  /** Whom somebody waits for then, the first of them; undefined for who goes on. */
  const nextOf = (id: HolderId): HolderId | undefined => {
    const node = ids.has(id) ? undefined : nodes.get(id);
    const next = firstLeft(node);
    if (next !== undefined || node?.wait?.lock.locktype !== 'tuple') return next;
    // Who holds a tuple waits for the transaction that changed the row, and so will the next who gets the tuple.
    return node.wait.hard.map(holder => firstLeft(nodes.get(holder))).find(left => left !== undefined);
  };
  const affected = membersBehind(reach, ids);
  const staying = affected.filter(id => nextOf(id) !== undefined);
  const rootOf = rootFinder(nextOf);
  const behind = [...Map.groupBy(staying, rootOf)].map(([id, waiters]) => ({id, waiters: waiters.length}));
  return {
    freed: affected.length - staying.length,
    stillWaiting: staying.length,
    behind: behind.sort((a, b) => b.waiters - a.waiters || a.id - b.id),
  };
}

/** Follows `nextOf` to its end, or around a circle to where it was entered; each way is gone once. */
function rootFinder(nextOf: (id: HolderId) => HolderId | undefined): (id: HolderId) => HolderId {
  const known = new Map<HolderId, HolderId>();
  return start => {
    const way = new Set<HolderId>();
    let at = start;
    for (let next = nextOf(at); next !== undefined && !known.has(at) && !way.has(at); next = nextOf(at)) {
      way.add(at);
      at = next;
    }
    const root = known.get(at) ?? at;
    for (const id of way) known.set(id, root);
    return root;
  };
}
