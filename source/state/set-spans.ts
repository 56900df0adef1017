import {formatDuration} from '../model/format.ts';
import type {LockNode} from '../model/lock-forest.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {ageMs} from '../model/timestamp.ts';
import {type Span, span} from './line.ts';
import {wantedText} from './wanted-text.ts';

/** How many kinds of members a line for several names. */
const NAMED = 3;

/** A line of the tree that stands for several siblings. */
export function setSpans(snapshot: Snapshot, members: readonly LockNode[]): readonly Span[] {
  const [first] = members;
  if (first === undefined) return [];
  return first.wait === null ? holderSpans(snapshot, members, first) : waiterSpans(snapshot, members, first);
}

/** `898 sessions wait 1.2s to 14s for Exclusive on row (0,1) of stock · alice@shop web 898`. */
function waiterSpans(snapshot: Snapshot, members: readonly LockNode[], first: LockNode): readonly Span[] {
  const {wait, cut} = first;
  if (wait === null) return [];
  const isOnlyQueued = members.every(member => member.wait?.hard.length === 0);
  return [
    span(String(members.length), 'strong'),
    span(' sessions'),
    span(` wait ${ageText(snapshot, members)}`, 'waiting'),
    span(` ${wantedText(snapshot, wait)}${isOnlyQueued ? ' (queued behind)' : ''}`),
    ...(cut === 'repeated' ? [span(' ↑ they stand above', 'dim')] : []),
    span(` · ${mostOf(members.map(({id}) => whoText(snapshot, id)))}`, 'dim'),
  ];
}

/** `12 more hold up the same 4 · idle in transaction 9 · active 3`. */
function holderSpans({byPid}: Snapshot, members: readonly LockNode[], first: LockNode): readonly Span[] {
  const states = members.map(({id}) => byPid.get(id)?.backend.state ?? 'hidden');
  return [
    span(String(members.length), 'blocking'),
    span(' more hold up the same', 'blocking'),
    span(
      ` ${first.waiters
        .map(({id}) => id)
        .slice(0, NAMED)
        .join(', ')}`,
    ),
    ...(first.waiters.length > NAMED ? [span(` and ${first.waiters.length - NAMED} more`)] : []),
    span(` · ${mostOf(states)}`, 'dim'),
  ];
}

/** The shortest and the longest wait. */
function ageText({reading}: Snapshot, members: readonly LockNode[]): string {
  let least: number | null = null;
  let most: number | null = null;
  for (const {wait} of members) {
    const age = ageMs(reading.collectedAt, wait?.since ?? null);
    if (age === null) continue;
    least = Math.min(least ?? age, age);
    most = Math.max(most ?? age, age);
  }
  const [from, to] = [formatDuration(least), formatDuration(most)];
  return from === to ? to : `${from} to ${to}`;
}

function whoText({byPid}: Snapshot, id: number): string {
  const backend = byPid.get(id)?.backend;
  if (backend === undefined) return 'not in pg_stat_activity';
  const {usename, datname, applicationName} = backend;
  return `${usename ?? ''}@${datname ?? ''}${applicationName === '' ? '' : ` ${applicationName}`}`;
}

/** The texts that come most often, each with how often. */
function mostOf(texts: readonly string[]): string {
  const counts = [...Map.groupBy(texts, text => text)].map(([text, same]) => ({text, count: same.length}));
  const sorted = counts.sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  const named = sorted.slice(0, NAMED).map(({text, count}) => `${text} ${count}`);
  return sorted.length > NAMED ? `${named.join(' · ')} · …` : named.join(' · ');
}
