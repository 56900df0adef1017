import {isIdleInXact} from '../model/backend.ts';
import {NO_RADIUS, signalRadius} from '../model/blast-radius.ts';
import {countBy} from '../model/count-by.ts';
import {formatDuration} from '../model/format.ts';
import type {Session} from '../model/session.ts';
import type {Refusal} from '../model/signal-refusal.ts';
import {flow, sentences} from './dialog-fields.ts';
import {type Line, line, type Span, span} from './line.ts';
import type {Confirmation} from './mode.ts';
import {radiusText} from './radius-text.ts';
import type {State} from './state.ts';

/** The dialog about several sessions: how many of what kind, who is left out and why, what it frees, and the list of them. */
export function batchLines(mode: Confirmation, state: State): readonly Line[] {
  const {batch, remark} = mode;
  const sessions = batch.targets.map(({session}) => session);
  const what = batch.action === 'cancel' ? 'Cancel the queries of' : 'Terminate';
  const noun = sessions.length === 1 ? 'session' : 'sessions';
  return [
    {spans: [span(` ${what} ${sessions.length} ${noun}? `, 'danger')], mark: 'banner'},
    ...sentences(consequence(batch.action, sessions, state), state).map(text => line(text, 'waiting')),
    ...(remark === null ? [] : sentences(remark, state).map(text => line(text, 'strong'))),
    ...skippedLines(mode, state),
    ...changedLines(sessions, state),
    ...groupLines(sessions, state),
    ...listLines(mode, state),
  ];
}

function consequence(action: 'cancel' | 'terminate', sessions: readonly Session[], {shown}: State): string {
  const ids = new Set(sessions.map(({backend}) => backend.pid));
  const radius = shown === null ? NO_RADIUS : signalRadius(action, shown.forest, ids);
  const open = sessions.filter(({backend}) => isIdleInXact(backend) || backend.backendXid !== null).length;
  const ends =
    action === 'cancel'
      ? 'The queries end with an error; sessions and locks may stay.'
      : `The sessions end${open === 0 ? '' : `, ${open} transaction${open === 1 ? ' rolls' : 's roll'} back`}.`;
  return `${radiusText(radius, 'them')} ${ends}`;
}

const REASONS: Readonly<Record<Refusal['reason'], string>> = {
  'own-session': "pgtop's own",
  'background-process': 'background processes',
  'not-permitted': 'not permitted',
  gone: 'gone',
  'not-cancellable': 'with nothing to cancel',
  'parallel-worker': 'parallel workers, who go with their leader',
  unguarded: 'without a guard against hitting another one',
  'one-at-a-time': 'processes, which are signalled one at a time',
};

function skippedLines({batch: {skipped}}: Confirmation, state: State): readonly Line[] {
  if (skipped.length === 0) return [];
  const counts = countBy(skipped, ({refusal}) => REASONS[refusal.reason]);
  const text = `${skipped.length} more are skipped: ${counts.map(([why, count]) => `${count} ${why}`).join(', ')}.`;
  return sentences(text, state).map(part => line(part, 'strong'));
}

/** The targets are frozen at the key press: what has become of them while the dialog stands is said. */
function changedLines(sessions: readonly Session[], {latest}: State): readonly Line[] {
  if (latest === null) return [];
  const ended = sessions.filter(({backend, key}) => latest.byPid.get(backend.pid)?.key !== key).length;
  if (ended === 0) return [];
  return [line(` ${ended} of them ${ended === 1 ? 'has' : 'have'} ended since.`, 'danger')];
}

/** How many names of a kind are told before the rest is only counted. */
const NAMED = 4;

function groupLines(sessions: readonly Session[], {columns}: State): readonly Line[] {
  const group = (title: string, nameOf: (session: Session) => string): readonly Span[] => {
    const counts = countBy(sessions, nameOf);
    const named = counts.slice(0, NAMED).map(([name, count]) => `${name} ${count}`);
    const more = counts.length - named.length;
    return [span(` ${title} `, 'dim'), span(named.join(', ') + (more > 0 ? `, ${more} more` : ''), 'strong')];
  };
  const groups = [
    group('user', ({backend}) => backend.usename ?? '(none)'),
    group('database', ({backend}) => backend.datname ?? '(none)'),
    group('application', ({backend}) => backend.applicationName || '(none)'),
    group('state', ({backend}) => backend.state ?? 'hidden'),
  ];
  return flow(groups, columns);
}

/** How many entries of a list a dialog shows at once. */
export function listRoom({rows}: Pick<State, 'rows'>): number {
  return Math.max(3, Math.floor(rows / 2) - 8);
}

function listLines({batch, scroll}: Confirmation, state: State): readonly Line[] {
  const entries = [
    ...batch.targets.map(({session}) => line(sessionText(session))),
    ...batch.skipped.map(({refusal}) => line(`   skipped: ${refusal.text}`, 'dim')),
  ];
  return visiblePart(entries, scroll, listRoom(state));
}

/** The entries of a list from `scroll` on, as many as there is room for, and where in the list they stand. */
export function visiblePart(entries: readonly Line[], scroll: number, room: number): readonly Line[] {
  if (entries.length <= room) return entries;
  const first = Math.min(scroll, entries.length - room);
  return [
    ...entries.slice(first, first + room),
    line(` ${first + 1} to ${first + room} of ${entries.length} · ↑ ↓ PgUp PgDn scroll`, 'dim'),
  ];
}

/** A session on one line of a list. */
function sessionText(session: Session): string {
  const {pid, usename, datname, applicationName, state, query} = session.backend;
  const age = formatDuration(session.xactAgeMs ?? session.queryAgeMs ?? session.stateAgeMs);
  const who = `${usename ?? ''}@${datname ?? ''} ${applicationName}`.trim();
  return `  ${String(pid).padStart(7)} ${who} · ${state ?? 'hidden'} ${age} · ${query}`;
}
