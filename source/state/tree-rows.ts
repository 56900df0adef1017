import type {PreparedXact} from '../model/lock.ts';
import type {LockNode} from '../model/lock-forest.ts';
import type {Session} from '../model/session.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {memoLast} from './memo-last.ts';
import type {State} from './state.ts';

/** One line of the lock-wait tree. */
export type TreeRow = {
  /** The ids from the root to this node: what tells two places of one session apart, and stays from refresh to refresh. */
  readonly path: string;
  readonly node: LockNode;
  readonly depth: number;
  /** For each level above, whether another sibling follows there: where a guide goes on downwards. */
  readonly guides: readonly boolean[];
  /** Null for a prepared transaction, and for a session that the activity did not show. */
  readonly session: Session | null;
  readonly preparedXact: PreparedXact | null;
  readonly isFolded: boolean;
};

/** The lock-wait forest as lines, those folded away left out. */
export const treeRows = memoLast(
  (snapshot: Snapshot | null, collapsed: ReadonlySet<string>): readonly TreeRow[] => {
    if (snapshot === null) return [];
    const rows: TreeRow[] = [];
    const add = (node: LockNode, parent: string, guides: readonly boolean[]) => {
      const path = `${parent}/${node.id}`;
      const isFolded = collapsed.has(path);
      rows.push({
        path,
        node,
        depth: guides.length,
        guides,
        session: snapshot.byPid.get(node.id) ?? null,
        preparedXact: snapshot.preparedXacts.get(node.id) ?? null,
        isFolded,
      });
      if (isFolded) return;
      for (const [index, waiter] of node.waiters.entries()) {
        add(waiter, path, [...guides, index < node.waiters.length - 1]);
      }
    };
    for (const root of snapshot.forest.roots) add(root, '', []);
    return rows;
  },
);

/** Whether the tree panel is on screen. */
export function isTreeOpen({tree, shown}: State): boolean {
  if (tree.visibility === 'auto') return (shown?.forest.roots.length ?? 0) > 0;
  return tree.visibility === 'open';
}
