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
  for (let index = 0; index < group.length; index++) {
    const patch = group[index];
    if (patch === undefined || patch.row > from.row + SEEN_ROWS) break;
    // All that are above are reached by their address, the first as well as any.
    if (patch.row < from.row && index > 0) continue;
    const bytes = bytesTo(from, patch);
    if (bytes >= least) continue;
    best = index;
    least = bytes;
  }
  return best;
}

function bytesTo(from: Place, patch: Patch): number {
  const over = writtenOver(from, patch);
  return wayTo(from, {row: patch.row, column: patch.column - over}).length + over;
}

/** How many cells of its lead are written again on the way to a patch, where that takes fewer bytes than to go past them. */
function writtenOver(from: Place | null, {row, column, lead}: Patch): number {
  if (from === null || row < from.row) return 0;
  const past = column - from.column;
  return past > 0 && past <= lead.length ? past : 0;
}

/** Writes one patch. */
export function writePatch(pen: Pen, patch: Patch): void {
  const {row, column, lead, erases, runs} = patch;
  const over = writtenOver(pen.place(), patch);
  pen.moveTo({row, column: column - over});
  if (erases) pen.eraseRest();
  const [first, ...others] = runs;
  if (first === undefined) return;
  pen.write(lead.slice(lead.length - over) + first.text, first.looks, over + first.cells);
  for (const {text, looks, cells} of others) pen.write(text, looks, cells);
}
