import {blastRadius, cancelRadius} from '../model/blast-radius.ts';
import {signalRefusal} from '../model/signal-refusal.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {cursorIndex} from './cursor.ts';
import {isStale} from './data-age.ts';
import {type Line, line, lineText, span} from './line.ts';
import {stayingText} from './radius-text.ts';
import type {State} from './state.ts';
import {guideText, rowSpans} from './tree-row-spans.ts';
import {hasTreeFooter, type TreeRow, treeRoom, treeRows, unfoldedRows} from './tree-rows.ts';

/** The lock-wait tree in exactly `height` lines: its title, the visible nodes, and while it has the focus what ending the node under the cursor does. */
export function treeLines(state: State, height: number): readonly Line[] {
  if (height <= 0) return [];
  if (state.shown === null) return Array.from({length: height}, () => line(''));
  const snapshot = state.shown;
  const rows = treeRows(snapshot, state.tree.toggled);
  const selected = cursorIndex(
    state.treeCursor,
    rows.map(row => row.path),
  );
  const {top} = state.treeCursor;
  const room = treeRoom(state, height);
  const visible = rows.slice(top, top + room).map((row, offset) => {
    const isSelected = state.focus === 'tree' && top + offset === selected;
    return nodeLine(state, snapshot, row, isSelected);
  });
  if (rows.length === 0) visible.push(line(' nobody waits for a lock', 'dim'));
  const filled = [...visible, ...Array.from({length: room - visible.length}, () => line(''))].slice(0, room);
  const current = rows[selected];
  const footer = hasTreeFooter(state, height) ? [footerLine(snapshot, current)] : [];
  return [titleLine(state, snapshot), ...filled, ...footer];
}

function titleLine(state: State, {forest}: Snapshot): Line {
  let waiting = 0;
  for (const {wait} of forest.nodes.values()) if (wait !== null) waiting += 1;
  const roots = forest.roots.length;
  const text = ` Lock waits · ${waiting} waiting behind ${roots} ${roots === 1 ? 'root' : 'roots'}${state.focus === 'tree' ? '' : ' · Tab goes there'}`;
  return {...line(text), mark: 'heading'};
}

function nodeLine(state: State, snapshot: Snapshot, row: TreeRow, isSelected: boolean): Line {
  const tag = isTagged(state, snapshot, row) ? [span('*', 'tagged')] : [];
  const spans = [span(guideText(row), 'dim'), ...tag, ...rowSpans(snapshot, row)];
  const stale = isStale(state) ? {isStale: true} : {};
  return isSelected ? {...stale, spans: [span(lineText({spans}))], mark: 'cursor'} : {...stale, spans};
}

/** True when the session of the line is tagged, or all of them on a line for several. */
function isTagged({tags}: State, {byPid}: Snapshot, {node, set}: TreeRow): boolean {
  if (tags.size === 0) return false;
  return (set ?? [node]).every(({id}) => tags.has(byPid.get(id)?.key ?? ''));
}

/** What ending the node would free, before anything is signalled. */
function footerLine(snapshot: Snapshot, row: TreeRow | undefined): Line {
  return {...line(row === undefined ? '' : ` ${consequence(snapshot, row)}`), mark: 'heading'};
}

function consequence(snapshot: Snapshot, {node, set, session, isFolded}: TreeRow): string {
  const {forest} = snapshot;
  if (set !== null) return `${isFolded ? '+ opens' : '- closes'} this line of ${set.length} sessions`;
  const ids = new Set([node.id]);
  const radius = blastRadius(forest, ids);
  const ended = `frees ${radius.freed} now${stayingText(radius)}`;
  if (node.id < 0) return `Ending this prepared transaction ${ended}`;
  if (session === null) return `Ending ${node.id} ${ended}`;
  const canCancel = signalRefusal('cancel', session, snapshot)?.reason !== 'not-cancellable';
  const cancelled = canCancel ? `frees ${cancelRadius(forest, ids).freed}` : 'does nothing';
  return `Ending ${node.id} ${ended} · a cancel ${cancelled}`;
}

/** The tree as plain text, for scripts: no cursor, no cutting, nothing folded. */
export function plainTree(snapshot: Snapshot): readonly string[] {
  return unfoldedRows(snapshot).map(row =>
    [guideText(row), ...rowSpans(snapshot, row).map(({text}) => text)].join('').trimEnd(),
  );
}
