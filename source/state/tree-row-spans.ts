import {isIdleInXact} from '../model/backend.ts';
import {formatDuration} from '../model/format.ts';
import type {LockNode} from '../model/lock-forest.ts';
import type {Session} from '../model/session.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {ageMs} from '../model/timestamp.ts';
import {type Span, span} from './line.ts';
import {setSpans} from './set-spans.ts';
import type {TreeRow} from './tree-rows.ts';
import {wantedText} from './wanted-text.ts';

/** Levels of the tree that are drawn; of a deeper line only the last of them, with its depth before them. */
const LEVELS = 12;

/** What stands before a line of the tree: where it hangs, dotted when it is only queued behind the one above, and `+` where something is folded away. */
export function guideText(row: TreeRow): string {
  const {depth, isFolded, node, set, parent} = row;
  const above: string[] = [];
  for (let at = parent; at !== null && at.depth > 0 && above.length < LEVELS; at = at.parent)
    above.unshift(at.isLast ? '  ' : '│ ');
  const deep = depth > LEVELS + 1 ? `${depth}» ` : '';
  const line = isQueuedBehind(row) ? '╌' : '─';
  const own = depth === 0 ? '' : `${row.isLast ? '└' : '├'}${line}`;
  const hasHidden = isFolded && (set !== null || node.waiters.length > 0);
  return ` ${deep}${above.join('')}${own}${hasHidden ? '+' : set === null ? '' : '-'}`;
}

/** True when the line's own blocker, the one it hangs under, does not hold what is waited for but only wants it too. */
function isQueuedBehind({node, parent}: TreeRow): boolean {
  const above = parent?.set ? parent.parent : parent;
  return node.wait !== null && above !== null && !node.wait.hard.includes(above.node.id);
}

/** What a line of the tree says. */
export function rowSpans(snapshot: Snapshot, row: TreeRow): readonly Span[] {
  if (row.set !== null) return setSpans(snapshot, row.set);
  return [
    ...(row.preparedXact === null ? whoSpans(row) : preparedSpans(snapshot, row)),
    ...waitSpans(snapshot, row),
  ];
}

function behindSpans({blocksInTotal}: LockNode): readonly Span[] {
  return blocksInTotal > 0 ? [span(` blocks ${blocksInTotal}`, 'blocking')] : [];
}

function whoSpans({node, session}: TreeRow): readonly Span[] {
  const isRoot = node.wait === null;
  const behind = behindSpans(node);
  if (node.id < 0) return [span(`prepared transaction ${-node.id}`, 'blocking'), ...behind];
  if (session === null)
    return [span(String(node.id), 'strong'), ...behind, span(' not in pg_stat_activity', 'dim')];
  const {usename, datname, applicationName} = session.backend;
  return [
    span(String(node.id), isRoot ? 'blocking' : 'strong'),
    ...behind,
    span(` ${usename ?? ''}@${datname ?? ''}${applicationName === '' ? '' : ` ${applicationName}`}`),
    ...(isRoot || isIdleInXact(session.backend) ? doingSpans(session) : []),
  ];
}

/** What somebody who holds others up is doing, since when, and what it waits for itself besides locks. */
function doingSpans({backend, xactAgeMs, stateAgeMs}: Session): readonly Span[] {
  const {state, waitEventType, waitEvent} = backend;
  if (state === null) return [span(` ${backend.backendType ?? 'hidden from this role'}`, 'dim')];
  const since = state === 'active' ? xactAgeMs : stateAgeMs;
  const tone = state.endsWith('(aborted)') ? 'danger' : isIdleInXact(backend) ? 'idle-in-xact' : 'active';
  const isBusyWaiting = state === 'active' && waitEventType !== null && waitEventType !== 'Lock';
  return [
    span(` ${state} ${formatDuration(since)}`, tone),
    ...(isBusyWaiting ? [span(` ${waitEventType}:${waitEvent}`, 'waiting')] : []),
  ];
}

function preparedSpans({reading}: Snapshot, {node, preparedXact}: TreeRow): readonly Span[] {
  const age = formatDuration(ageMs(reading.collectedAt, preparedXact?.prepared ?? null));
  return [
    span('prepared transaction', 'blocking'),
    ...behindSpans(node),
    span(
      ` '${preparedXact?.gid}' of ${preparedXact?.owner}@${preparedXact?.database}, ${age}: only ROLLBACK or COMMIT PREPARED ends it`,
    ),
  ];
}

function waitSpans(snapshot: Snapshot, {node, session}: TreeRow): readonly Span[] {
  if (node.cut === 'cycle') return [span(' ↑ closes a circle (deadlock)', 'danger')];
  const {wait} = node;
  if (wait === null) return session === null ? [] : [span(` ${session.backend.query}`, 'dim')];
  const age = formatDuration(ageMs(snapshot.reading.collectedAt, wait.since));
  const queue = wait.hard.length > 0 && wait.soft.count > 0 ? `, ${wait.soft.count} ahead in the queue` : '';
  const soft = wait.hard.length === 0 ? ' (queued behind)' : '';
  const worker = wait.pid === node.id ? '' : `, its worker ${wait.pid}`;
  return [
    span(` waits ${age}`, 'waiting'),
    span(` ${wantedText(snapshot, wait)}${soft}${queue}${worker}`),
    ...(node.cut === 'repeated' ? [span(repeatedText(node), 'dim')] : []),
    ...(session === null ? [] : [span(` ${session.backend.query}`, 'dim')]),
  ];
}

/** Of one that waits for several: it stands under each of them, those behind it under the first. */
function repeatedText({blocksInTotal}: TreeRow['node']): string {
  return blocksInTotal > 0 ? ' ↑ its waiters stand above' : ' ↑ stands above too';
}
