import type {Snapshot} from '../model/snapshot.ts';
import type {Microseconds} from '../model/timestamp.ts';

/** How the number of those behind a root blocker has grown. Moments are the server's. */
export type Growth = {
  /** When it began to grow without ever shrinking, and how many waited then. */
  readonly since: Microseconds;
  readonly from: number;
  readonly now: number;
  readonly grewAt: Microseconds;
  /** When it was seen last. */
  readonly seenAt: Microseconds;
  /** When the user was told last; null before. */
  readonly toldAt: Microseconds | null;
};

/** The growth of each tree, by the key of its root. */
export type TreeGrowth = ReadonlyMap<string, Growth>;

/** For how long a tree has to grow before the user is told, and then until told again. */
const TELL_AFTER: Microseconds = 30_000_000;
/** Without growth for so long it does not grow any more. */
const STILL_AFTER: Microseconds = 10_000_000;

/** The growth with what a snapshot adds to it; trees that are gone are forgotten. */
export function trackGrowth(before: TreeGrowth, snapshot: Snapshot): TreeGrowth {
  const {forest, reading} = snapshot;
  const at = reading.collectedAt;
  return new Map(
    forest.roots.map(({id, blocksInTotal}) => {
      const key = keyOf(snapshot, id);
      const known = before.get(key);
      // As of the snapshot before, since it may have grown at any moment after that. A clock that was set back tells nothing.
      const isGrowing =
        known !== undefined &&
        blocksInTotal >= known.now &&
        known.seenAt - known.grewAt < STILL_AFTER &&
        at >= known.seenAt;
      if (!isGrowing)
        return [
          key,
          {since: at, from: blocksInTotal, now: blocksInTotal, grewAt: at, seenAt: at, toldAt: null},
        ];
      const grewAt = blocksInTotal > known.now ? at : known.grewAt;
      return [key, {...known, now: blocksInTotal, grewAt, seenAt: at}];
    }),
  );
}

/** What to tell of the tree that has grown for long, the worst first, and the growth with that noted; null when there is nothing to tell. */
export function tellGrowth(
  growth: TreeGrowth,
  snapshot: Snapshot,
): {readonly text: string; readonly growth: TreeGrowth} | null {
  const at = snapshot.reading.collectedAt;
  for (const {id} of snapshot.forest.roots) {
    const key = keyOf(snapshot, id);
    const known = growth.get(key);
    if (known === undefined || known.now <= known.from || at - known.grewAt >= STILL_AFTER) continue;
    if (at - Math.max(known.since, known.toldAt ?? known.since) < TELL_AFTER) continue;
    const seconds = Math.round((at - known.since) / 1_000_000);
    const who = id < 0 ? 'a prepared transaction' : String(id);
    return {
      text: `The waits behind ${who} have grown for ${seconds} s: from ${known.from} to ${known.now} sessions.`,
      growth: new Map(growth).set(key, {...known, toldAt: at}),
    };
  }
  return null;
}

/** A session by its identity, since a pid is reused. */
function keyOf({byPid}: Snapshot, id: number): string {
  return byPid.get(id)?.key ?? String(id);
}
