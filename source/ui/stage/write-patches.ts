import type {Patch} from './patch.ts';
import type {Pen} from './pen.ts';
import {type Place, wayTo} from './way.ts';

/** In which rows below the pen the next patch is looked for: farther ones are reached by their address anyway. */
const SEEN_ROWS = 3;

/**
 * Writes patches in an order that takes few bytes: all in one look before those in another, since a change of looks costs more
 * than most ways, and what stands one under another downwards, as the digits of ages that count on do.
 */
export function writePatches(pen: Pen, patches: readonly Patch[]): void {
  const byLooks = Map.groupBy(patches, firstLooks);
  let group = nextGroup(byLooks);
  while (group !== undefined) {
    const [patch] = group.splice(cheapest(pen.place(), group), 1);
    if (patch !== undefined) writePatch(pen, patch);
    const same = byLooks.get(pen.looks());
    group = same?.length ? same : nextGroup(byLooks);
  }
}

/** What is made blank is made so in plain looks. */
function firstLooks({erases, runs}: Patch): string {
  return erases ? '' : (runs[0]?.looks ?? '');
}

/** The plain ones come last: so the pen is left. */
function nextGroup(groups: ReadonlyMap<string, Patch[]>): Patch[] | undefined {
  for (const [looks, group] of groups) if (looks !== '' && group.length > 0) return group;
  const plain = groups.get('');
  return plain?.length ? plain : undefined;
}

/** The index of the patch that takes the fewest bytes to reach; of several the first. */
function cheapest(from: Place | null, group: readonly Patch[]): number {
  if (from === null) return 0;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, patch] of group.entries()) {
    if (patch.row > from.row + SEEN_ROWS) break;
    // All that are above are reached by their address, the first as well as any.
    if (patch.row < from.row && index > 0) continue;
    const {bytes} = reach(from, patch);
    if (bytes >= least) continue;
    best = index;
    least = bytes;
  }
  return best;
}

/** How a patch is reached with the fewest bytes, and how many: `over` characters of its lead are written again instead of gone past. */
function reach(
  from: Place | null,
  {row, column, lead}: Patch,
): {readonly over: number; readonly bytes: number} {
  let best = {over: 0, bytes: wayTo(from, {row, column}).length};
  for (let over = 1; over <= lead.length; over++) {
    const bytes = wayTo(from, {row, column: column - over}).length + over;
    if (bytes < best.bytes) best = {over, bytes};
  }
  return best;
}

/** Writes one patch. */
export function writePatch(pen: Pen, patch: Patch): void {
  const {row, column, lead, erases, runs} = patch;
  const {over} = reach(pen.place(), patch);
  pen.moveTo({row, column: column - over});
  if (erases) pen.eraseRest();
  const [first, ...others] = runs;
  if (first === undefined) return;
  pen.write(lead.slice(lead.length - over) + first.text, first.looks, over + first.cells);
  for (const {text, looks, cells} of others) pen.write(text, looks, cells);
}
