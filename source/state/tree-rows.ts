import type {PreparedXact} from '../model/lock.ts';
import type {LockForest, LockNode} from '../model/lock-forest.ts';
import type {Session} from '../model/session.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {memoLast} from './memo-last.ts';
import {alone, rootSets, type SiblingSet, waiterSets} from './sibling-sets.ts';
import type {State} from './state.ts';

/** One line of the lock-wait tree. */
export type TreeRow = {
  /** The ids from the root to this node: what tells two places of one session apart, and stays from refresh to refresh. */
  readonly path: string;
  /** The participant of this line; the first of them on a line for several. */
  readonly node: LockNode;
  /** Those whom a line for several stands for; null on a line for one. */
  readonly set: readonly LockNode[] | null;
  readonly depth: number;
  /** The line this one hangs under; null for a root. */
  readonly parent: TreeRow | null;
  /** Whether no sibling follows: where a guide ends. */
  readonly isLast: boolean;
  /** Null for a prepared transaction, for a session that the activity did not show, and on a line for several. */
  readonly session: Session | null;
  readonly preparedXact: PreparedXact | null;
  readonly isFolded: boolean;
};

/** Which lines are folded: `toggled` are the paths where it is not as by itself, when a node is open and a line for several is folded. */
type TreeFolding = {readonly toggled: ReadonlySet<string>; readonly hasSets: boolean};

/** The lock-wait forest as lines, those folded away left out, and those who wait for the same on one line. */
export const treeRows = memoLast(
  (snapshot: Snapshot | null, toggled: ReadonlySet<string>): readonly TreeRow[] =>
    snapshot === null ? [] : rowsOf(snapshot, {toggled, hasSets: true}),
);

/** Every line of the forest, nothing folded. */
export function unfoldedRows(snapshot: Snapshot): readonly TreeRow[] {
  return rowsOf(snapshot, {toggled: new Set(), hasSets: false});
}

/** Siblings that are yet to be turned into lines. */
type Level = {readonly parent: TreeRow | null; readonly entries: readonly SiblingSet[]; next: number};

function rowsOf(
  {forest, byPid, preparedXacts}: Snapshot,
  {toggled, hasSets}: TreeFolding,
): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  // A long path is put together only where it has to be compared.
  const isToggled = (path: string) => toggled.size > 0 && toggled.has(path);
  const levels: Level[] = [{parent: null, entries: rootEntries(forest, hasSets), next: 0}];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const {parent, entries} = level;
    const entry = entries[level.next++];
    const [node] = entry?.nodes ?? [];
    if (entry === undefined || node === undefined) {
      levels.pop();
      continue;
    }
    const set = entry.key === null ? null : entry.nodes;
    const path = `${parent?.path ?? ''}/${entry.key ?? node.id}`;
    const row: TreeRow = {
      path,
      node,
      set,
      depth: levels.length - 1,
      parent,
      isLast: level.next === entries.length,
      session: set === null ? (byPid.get(node.id) ?? null) : null,
      preparedXact: set === null ? (preparedXacts.get(node.id) ?? null) : null,
      isFolded: isToggled(path) === (set === null),
    };
    rows.push(row);
    if (row.isFolded) continue;
    const below = set === null ? waiterEntries(node, hasSets) : set.map(alone);
    if (below.length > 0) levels.push({parent: row, entries: below, next: 0});
  }
  return rows;
}

function rootEntries({roots}: LockForest, hasSets: boolean): readonly SiblingSet[] {
  return hasSets ? rootSets(roots) : roots.map(alone);
}

function waiterEntries({waiters}: LockNode, hasSets: boolean): readonly SiblingSet[] {
  return hasSets ? waiterSets(waiters) : waiters.map(alone);
}

/** Whether the tree panel is on screen. */
export function isTreeOpen({tree, shown, main}: State): boolean {
  // The load needs the room.
  if (tree.visibility === 'auto') return main !== 'load' && (shown?.forest.roots.length ?? 0) > 0;
  return tree.visibility === 'open';
}

/** Whether the tree panel of this height ends with a line on what ending the node under the cursor would do. */
export function hasTreeFooter({focus}: State, height: number): boolean {
  return focus === 'tree' && height >= 4;
}

/** How many nodes a tree panel of this height shows: its title, and a footer where it has one, take a line each. */
export function treeRoom(state: State, height: number): number {
  return height - (hasTreeFooter(state, height) ? 2 : 1);
}
