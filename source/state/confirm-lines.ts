import {isIdleInXact} from '../model/backend.ts';
import {clientText} from '../model/columns.ts';
import {formatDuration} from '../model/format.ts';
import type {Session} from '../model/session.ts';
import {type Line, line, type Span, span} from './line.ts';
import type {Confirmation, State} from './state.ts';

/** The dialog before a signal: whom it is for, what ends with it, and the two keys. */
export function confirmLines({action, session, openedBy}: Confirmation, state: State): readonly Line[] {
  const {pid, usename, datname, applicationName} = session.backend;
  const what = action === 'cancel' ? 'Cancel the query of' : 'Terminate';
  return [
    {spans: [span(` ${what} ${pid}? `, 'danger')], mark: 'banner'},
    {
      spans: [
        ...field('user', usename ?? ''),
        ...field('database', datname ?? ''),
        ...field('application', applicationName || '(none)'),
        ...field('client', clientText(session) || '(none)'),
      ],
    },
    {
      spans: [
        ...field('state', session.backend.state ?? session.backend.backendType ?? 'hidden'),
        ...ageSpans(session),
      ],
    },
    {spans: field('query', session.backend.query || '(none)')},
    {spans: [span(` ${consequence(action, session)}`, 'waiting')]},
    ...changedLines(session, state),
    {
      spans: [
        span(' y', 'key'),
        span(` ${action === 'cancel' ? 'cancels it' : 'terminates it'}   `),
        span(['n', 'Esc', ...(openedBy.length === 1 ? [openedBy] : [])].join(' '), 'key'),
        span(' closes this, nothing is signalled'),
      ],
    },
  ];
}

function field(name: string, value: string): readonly Span[] {
  return [span(` ${name} `, 'dim'), span(value, 'strong')];
}

function ageSpans({queryAgeMs, xactAgeMs, sessionAgeMs}: Session): readonly Span[] {
  const ages = [
    ['query', queryAgeMs],
    ['transaction', xactAgeMs],
    ['session', sessionAgeMs],
  ] as const;
  return ages.flatMap(([name, age]) => (age === null ? [] : field(name, formatDuration(age))));
}

/** What ends with the signal, as a sentence. */
function consequence(action: Confirmation['action'], {backend, blocksInTotal, blockedBy}: Session): string {
  const what =
    action === 'cancel'
      ? 'The query ends with an error; its session goes on, and so does an explicit transaction, with its locks until it rolls back.'
      : isIdleInXact(backend) || backend.backendXid !== null
        ? 'The session ends and its open transaction rolls back.'
        : 'The session ends.';
  if (blocksInTotal === 0) return `${what} Nobody waits behind it.`;
  const sessions = blocksInTotal === 1 ? '1 session waits' : `${blocksInTotal} sessions wait`;
  const itself =
    blockedBy.length > 0
      ? ` It waits itself, for ${blockedBy.map(pid => (pid === 0 ? 'a prepared transaction' : pid)).join(', ')}.`
      : '';
  return `${what} ${sessions} behind it.${itself}`;
}

/** The targets are frozen at the key press: when the session moves on while the dialog stands, the dialog says so. */
function changedLines(session: Session, {latest}: State): readonly Line[] {
  const now = latest?.byPid.get(session.backend.pid);
  if (latest === null) return [];
  if (now === undefined || now.key !== session.key) {
    return [line(` ${session.backend.pid} has ended since: nothing would be signalled.`, 'danger')];
  }
  return now.backend.queryStart === session.backend.queryStart
    ? []
    : [line(' It has begun another query since.', 'danger')];
}
