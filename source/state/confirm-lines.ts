import {isIdleInXact} from '../model/backend.ts';
import {type BlastRadius, blastRadius} from '../model/blast-radius.ts';
import {clientText} from '../model/columns.ts';
import {formatDuration} from '../model/format.ts';
import type {Session} from '../model/session.ts';
import {fit, textWidth, wrapText} from '../model/text-width.ts';
import {type Line, line, lineText, type Span, span} from './line.ts';
import type {Confirmation, State} from './state.ts';

/**
 * The dialog before a signal: what is asked, what ends with it, whom it is for, and the keys, which stand there from when they count.
 * What matters most stands first and the keys last, since a low terminal cuts in between.
 */
export function confirmLines(mode: Confirmation, state: State): readonly Line[] {
  const {action, session} = mode;
  const {pid, usename, datname, applicationName, backendType, state: doing, query} = session.backend;
  const what = action === 'cancel' ? 'Cancel the query of' : 'Terminate';
  const facts = [
    field('user', usename ?? ''),
    field('database', datname ?? ''),
    field('application', applicationName || '(none)'),
    field('client', clientText(session) || '(none)'),
    field('state', doing ?? backendType ?? 'hidden'),
    ...ageFields(session),
  ];
  return [
    {spans: [span(` ${what} ${pid}? `, 'danger')], mark: 'banner'},
    ...sentences(consequence(action, session, radiusOf(session, state)), state).map(text =>
      line(text, 'waiting'),
    ),
    ...changedLines(session, state),
    ...flow(facts, state.columns),
    {spans: field('query', query || '(none)')},
    keyLine(mode),
  ];
}

/** The two ways out. Empty until keys count. */
function keyLine({action, openedBy, paintedAtMs}: Confirmation): Line {
  if (paintedAtMs === null) return line('');
  const others = ['n', 'Esc', ...(openedBy.length === 1 ? [openedBy] : [])].join(' ');
  return {
    spans: [
      span(' y', 'key'),
      span(` ${action === 'cancel' ? 'cancels it' : 'terminates it'}   `),
      span(others, 'key'),
      span(' closes this, nothing is signalled'),
    ],
  };
}

/** The longest a fact may be: a name of the client's choice must not push the others off. */
const FACT_WIDTH = 32;

function field(name: string, value: string): readonly Span[] {
  const shown =
    textWidth(value) > FACT_WIDTH && name !== 'query' ? fit(value, FACT_WIDTH, 'left', '+') : value;
  return [span(` ${name} `, 'dim'), span(shown, 'strong')];
}

function ageFields({queryAgeMs, xactAgeMs, sessionAgeMs}: Session): readonly (readonly Span[])[] {
  const ages = [
    ['query', queryAgeMs],
    ['transaction', xactAgeMs],
    ['session', sessionAgeMs],
  ] as const;
  return ages.flatMap(([name, age]) => (age === null ? [] : [field(name, formatDuration(age))]));
}

/** The facts on as many lines as they need. */
function flow(facts: readonly (readonly Span[])[], columns: number): readonly Line[] {
  const lines: Line[] = [];
  for (const fact of facts) {
    const last = lines.at(-1);
    const joined = {spans: [...(last?.spans ?? []), ...fact]};
    if (last !== undefined && textWidth(lineText(joined)) <= columns) lines[lines.length - 1] = joined;
    else lines.push({spans: fact});
  }
  return lines;
}

function sentences(text: string, {columns}: State): readonly string[] {
  return wrapText(text, Math.max(10, columns - 2)).map(part => ` ${part}`);
}

function radiusOf({backend}: Session, {shown}: State): BlastRadius {
  return shown === null ? {freed: 0, stillWaiting: 0} : blastRadius(shown.forest, backend.pid);
}

/** What ends with the signal, those who wait behind it first. */
function consequence(
  action: Confirmation['action'],
  session: Session,
  {freed, stillWaiting}: BlastRadius,
): string {
  const {backend, blockedBy} = session;
  const blocksInTotal = freed + stillWaiting;
  const isInXact = isIdleInXact(backend) || backend.backendXid !== null;
  const ends = isInXact ? 'The session ends, its transaction rolls back.' : 'The session ends.';
  const what =
    action === 'cancel' ? 'The query ends with an error; its session and its locks may stay.' : ends;
  const itself =
    blockedBy.length === 0
      ? ''
      : ` It waits itself, for ${blockedBy.map(pid => (pid === 0 ? 'a prepared transaction' : pid)).join(', ')}.`;
  if (blocksInTotal === 0) return `Nobody waits behind it. ${what}${itself}`;
  const behind = blocksInTotal === 1 ? '1 session waits' : `${blocksInTotal} sessions wait`;
  const when = action === 'cancel' ? 'if its locks go, ' : '';
  const then =
    stillWaiting === 0 ? '' : ` and ${stillWaiting} still wait${stillWaiting === 1 ? 's' : ''} for others`;
  return `${behind} behind it: ${when}${freed} go${freed === 1 ? 'es' : ''} on at once${then}. ${what}${itself}`;
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
