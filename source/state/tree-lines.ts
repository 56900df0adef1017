import {isIdleInXact} from '../model/backend.ts';
import {formatDuration} from '../model/format.ts';
import type {Session} from '../model/session.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {ageMs} from '../model/timestamp.ts';
import {waitObject} from '../model/wait-object.ts';
import {cursorIndex} from './cursor.ts';
import {isStale} from './header-lines.ts';
import {type Line, line, lineText, type Span, span} from './line.ts';
import type {State} from './state.ts';
import {type TreeRow, treeRows} from './tree-rows.ts';

/** The lock-wait tree in exactly `height` lines: its title and the visible nodes. */
export function treeLines(state: State, height: number): readonly Line[] {
  if (height <= 0) return [];
  if (state.shown === null) return Array.from({length: height}, () => line(''));
  const snapshot = state.shown;
  const rows = treeRows(snapshot, state.tree.collapsed);
  const selected = cursorIndex(
    state.treeCursor,
    rows.map(row => row.path),
  );
  const top = state.treeCursor.top;
  const lines: Line[] = [titleLine(state, snapshot)];
  for (const [offset, row] of rows.slice(top, top + height - 1).entries()) {
    lines.push(nodeLine(state, snapshot, row, state.focus === 'tree' && top + offset === selected));
  }
  if (rows.length === 0) lines.push(line(' nobody waits for a lock', 'dim'));
  return [...lines, ...Array.from({length: height - lines.length}, () => line(''))].slice(0, height);
}

function titleLine(state: State, {forest}: Snapshot): Line {
  const waiting = [...forest.nodes.values()].filter(node => node.wait !== null).length;
  const roots = forest.roots.length;
  const text = ` Lock waits · ${waiting} waiting behind ${roots} ${roots === 1 ? 'root' : 'roots'}${state.focus === 'tree' ? '' : ' · Tab goes there'}`;
  return {...line(text), mark: 'heading'};
}

function nodeLine(state: State, snapshot: Snapshot, row: TreeRow, isSelected: boolean): Line {
  const spans = [
    span(guideText(row), 'dim'),
    ...(row.preparedXact === null ? whoSpans(row) : preparedSpans(snapshot, row)),
    ...waitSpans(snapshot, row),
  ];
  const stale = isStale(state) ? {isStale: true} : {};
  return isSelected ? {...stale, spans: [span(lineText({spans}))], mark: 'cursor'} : {...stale, spans};
}

function guideText({guides, isFolded, node}: TreeRow): string {
  const above = guides.slice(0, -1).map(goesOn => (goesOn ? '│ ' : '  '));
  const own = guides.length === 0 ? '' : guides.at(-1) ? '├─' : '└─';
  return ` ${above.join('')}${own}${isFolded && node.waiters.length > 0 ? '+' : ''}`;
}

function whoSpans({node, session}: TreeRow): readonly Span[] {
  const isRoot = node.wait === null;
  const behind = node.blocksInTotal > 0 ? [span(` blocks ${node.blocksInTotal}`, 'blocking')] : [];
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

/** What somebody who holds others up is doing, since when. */
function doingSpans({backend, xactAgeMs, stateAgeMs}: Session): readonly Span[] {
  const {state} = backend;
  if (state === null) return [span(` ${backend.backendType ?? 'hidden from this role'}`, 'dim')];
  const since = isIdleInXact(backend) ? stateAgeMs : xactAgeMs;
  const tone = state.endsWith('(aborted)') ? 'danger' : isIdleInXact(backend) ? 'idle-in-xact' : 'active';
  return [span(` ${state} ${formatDuration(since)}`, tone)];
}

function preparedSpans({reading}: Snapshot, {node, preparedXact}: TreeRow): readonly Span[] {
  const age = formatDuration(ageMs(reading.collectedAt, preparedXact?.prepared ?? null));
  return [
    span('prepared transaction', 'blocking'),
    span(` blocks ${node.blocksInTotal}`, 'blocking'),
    span(
      ` '${preparedXact?.gid}' of ${preparedXact?.owner}@${preparedXact?.database}, ${age}: only ROLLBACK or COMMIT PREPARED ends it`,
    ),
  ];
}

function waitSpans({reading, relationNames}: Snapshot, {node, session}: TreeRow): readonly Span[] {
  if (node.cut === 'cycle') return [span(' ↑ closes a circle (deadlock)', 'danger')];
  const {wait} = node;
  if (wait === null) return session === null ? [] : [span(` ${session.backend.query}`, 'dim')];
  const age = formatDuration(ageMs(reading.collectedAt, wait.since));
  const others = node.blockedBy.filter(id => !wait.hard.includes(id)).length;
  const queue = wait.hard.length > 0 && others > 0 ? `, ${others} ahead in the queue` : '';
  const soft = wait.hard.length === 0 ? ' (queued behind)' : '';
  const worker = wait.pid === node.id ? '' : `, its worker ${wait.pid}`;
  return [
    span(` waits ${age}`, 'waiting'),
    span(
      ` for ${wait.lock.mode.replace(/Lock$/, '')} on ${waitObject(wait.lock, relationNames)}${soft}${queue}${worker}`,
    ),
    ...(node.cut === 'repeated' ? [span(' ↑ its waiters stand above', 'dim')] : []),
    ...(session === null ? [] : [span(` ${session.backend.query}`, 'dim')]),
  ];
}

/** The tree as plain text, for scripts: no cursor, no cutting. */
export function plainTree(snapshot: Snapshot): readonly string[] {
  return treeRows(snapshot, new Set()).map(row =>
    [
      guideText(row),
      ...[
        ...(row.preparedXact === null ? whoSpans(row) : preparedSpans(snapshot, row)),
        ...waitSpans(snapshot, row),
      ].map(({text}) => text),
    ]
      .join('')
      .trimEnd(),
  );
}
