import {type HolderId, softOf, type Wait} from './wait-graph.ts';

/** The members of a line under whom somebody in it is drawn, with their places. */
type Heads = readonly {readonly id: HolderId; readonly place: number}[];

/**
 * Tells under whom a wait is drawn: its blockers without those queued ahead who wait for another of the blockers. Remembered for the
 * lists that several waits share, so that a queue costs no more than its length.
 */
export function drawnParents(
  byWaiter: ReadonlyMap<HolderId, readonly Wait[]>,
): (wait: Wait) => readonly HolderId[] {
  const known = new Map<readonly HolderId[], Map<readonly HolderId[], Heads>>();
  const headsOf = ({hard, soft: {line}}: Wait): Heads => {
    const ofHard = known.get(hard) ?? new Map<readonly HolderId[], Heads>();
    known.set(hard, ofHard);
    const heads = ofHard.get(line) ?? findHeads(hard, line, byWaiter);
    ofHard.set(line, heads);
    return heads;
  };
  return wait => {
    if (wait.soft.count === 0) return wait.hard;
    const ahead = headsOf(wait).flatMap(({id, place}) => (place < wait.soft.count ? [id] : []));
    const parents = ahead.length === 0 ? wait.hard : [...wait.hard, ...ahead];
    // In a circle of wishes each is behind another.
    return parents.length === 0 ? softOf(wait) : parents;
  };
}

function findHeads(
  hard: readonly HolderId[],
  line: readonly HolderId[],
  byWaiter: ReadonlyMap<HolderId, readonly Wait[]>,
): Heads {
  const blockers = new Set([...hard, ...line]);
  const waitsForAnother = ({hard, soft, waiter}: Wait) => {
    const isAnother = (id: HolderId | undefined) => id !== undefined && id !== waiter && blockers.has(id);
    if (hard.some(isAnother)) return true;
    for (let place = 0; place < soft.count; place++) if (isAnother(soft.line[place])) return true;
    return false;
  };
  return line.flatMap((id, place) => (byWaiter.get(id)?.some(waitsForAnother) ? [] : [{id, place}]));
}
