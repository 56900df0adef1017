import {formatDuration} from '../model/format.ts';
import {countSessions} from '../model/session-counts.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {type Span, span, type Tone} from './line.ts';
import type {State} from './state.ts';

/** How many processes of a server without a free slot do what, as far as their titles tell. */
export function processCounts({sessions}: Snapshot): readonly Span[] {
  const {clients, active, waiting, idle, idleInXact, idleInXactAborted} = countSessions(sessions);
  const meter = (name: string, count: number, tone: Tone) => [
    span(`  ${name} `, 'dim'),
    span(String(count), count > 0 ? tone : 'dim'),
  ];
  const untold = clients - active - idle - idleInXact;
  return [
    span('Clients ', 'dim'),
    span(String(clients), 'danger'),
    ...meter('active', active, 'active'),
    ...meter('waiting', waiting, 'waiting'),
    ...meter('idle tx', idleInXact - idleInXactAborted, 'idle-in-xact'),
    ...meter('aborted', idleInXactAborted, 'danger'),
    ...meter('idle', idle, 'plain'),
    ...(untold > 0 ? meter('n/a', untold, 'plain') : []),
    ...meter('background', sessions.length - clients, 'plain'),
  ];
}

/** Where the rows come from while the server has no slot, how old they are and what can be done with them; why there are none. */
export function processBanners(
  {link, shown, whyNoProcesses, options}: State,
  ageMs: number,
): readonly string[] {
  if (link.type !== 'lost' || link.why !== 'full') return [];
  if (whyNoProcesses !== null) return [`The server's processes cannot be shown: ${whyNoProcesses}`];
  const table = shown?.reading.processTable ?? null;
  if (table === null) return [];
  const may = options.isReadOnly
    ? 'pgtop is read-only'
    : (table.postmaster.whyNoSignal ?? 'c sends SIGINT, k SIGTERM to one');
  return [`Process table of this machine, ${formatDuration(ageMs)} old: ${may}`];
}
