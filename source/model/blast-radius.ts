import type {LockForest} from './lock-forest.ts';
import type {HolderId} from './wait-graph.ts';

/** What becomes of those who wait behind a session when it ends. */
export type BlastRadius = {
  /** They waited for this session only and go on at once. */
  readonly freed: number;
  /** They wait for others too, or for one of those who go on. */
  readonly stillWaiting: number;
};

/** How many get through at once when a participant of the forest ends, and how many stay behind somebody. */
export function blastRadius({nodes}: LockForest, id: HolderId): BlastRadius {
  const inTotal = nodes.get(id)?.blocksInTotal ?? 0;
  let freed = 0;
  for (const {blockedBy} of nodes.values()) {
    if (blockedBy.length === 1 && blockedBy[0] === id) freed += 1;
  }
  return {freed, stillWaiting: Math.max(0, inTotal - freed)};
}
