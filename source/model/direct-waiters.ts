import {blockersOf, type HolderId, joined, type Wait} from './wait-graph.ts';

/** How many wait for each participant itself. Those who share their lists of blockers are counted together. */
export function directWaiters(
  byWaiter: ReadonlyMap<HolderId, readonly Wait[]>,
): ReadonlyMap<HolderId, number> {
  const direct = new Map<HolderId, number>();
  const add = (id: HolderId, count: number) => direct.set(id, (direct.get(id) ?? 0) + count);
  const holders = new Map<readonly HolderId[], number>();
  const heads = new Map<readonly HolderId[], number[]>();
  for (const own of byWaiter.values()) {
    const [wait] = own;
    if (wait === undefined || own.length > 1) {
      for (const id of joined(own.map(blockersOf))) add(id, 1);
      continue;
    }
    const {hard, soft} = wait;
    holders.set(hard, (holders.get(hard) ?? 0) + 1);
    const counts = heads.get(soft.line) ?? [];
    counts.push(soft.count);
    heads.set(soft.line, counts);
  }
  for (const [list, count] of holders) for (const id of list) add(id, count);
  for (const [line, counts] of heads) countLine(line, counts, add);
  return direct;
}

/** Counts for each member of a line the heads of it, of so many members each, that reach beyond its place. */
function countLine(
  line: readonly HolderId[],
  counts: readonly number[],
  add: (id: HolderId, count: number) => void,
): void {
  const ends = new Map<number, number>();
  for (const count of counts) ends.set(count, (ends.get(count) ?? 0) + 1);
  let behind = counts.length - (ends.get(0) ?? 0);
  for (const [place, id] of line.entries()) {
    if (behind === 0) return;
    add(id, behind);
    behind -= ends.get(place + 1) ?? 0;
  }
}
