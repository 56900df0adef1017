import {isIdleInXact} from '../model/backend.ts';
import {type BlastRadius, NO_RADIUS, signalRadius} from '../model/blast-radius.ts';
import {untold} from '../model/column-texts.ts';
import {clientText} from '../model/columns.ts';
import {formatDuration} from '../model/format.ts';
import type {Session} from '../model/session.ts';
import type {BatchTarget, SignalAction} from '../model/signal.ts';
import {batchLines} from './batch-lines.ts';
import {field, flow, sentences} from './dialog-fields.ts';
import {type Line, line, type Span, span} from './line.ts';
import type {Confirmation} from './mode.ts';
import {namesText, radiusText} from './radius-text.ts';
import type {State} from './state.ts';

/**
 * The dialog before a signal: what is asked, what ends with it, whom it is for, and the keys, which stand there from when they count.
 * What matters most stands first and the keys last, since a low terminal cuts in between.
 */
export function confirmLines(mode: Confirmation, state: State): readonly Line[] {
  const {targets, skipped} = mode.batch;
  const [only] = targets;
  const isOne = targets.length === 1 && skipped.length === 0 && only !== undefined;
  return [
    ...(isOne ? sessionLines(mode, only, state) : batchLines(mode, state)),
    ...auditLines(state),
    keyLine(mode),
  ];
}

function sessionLines(
  {batch, remark}: Confirmation,
  {session, target}: BatchTarget,
  state: State,
): readonly Line[] {
  const {action} = batch;
  const {pid, usename, datname, applicationName, backendType, state: doing, query} = session.backend;
  const what = action === 'cancel' ? 'Cancel the query of' : 'Terminate';
  const isProcess = target.kind === 'process';
  const facts = [
    field('user', usename ?? untold(session)),
    field('database', datname ?? untold(session)),
    ...(isProcess ? [] : [field('application', applicationName || '(none)')]),
    field('client', clientText(session) || '(none)'),
    field('state', doing ?? (isProcess ? untold(session) : (backendType ?? 'hidden'))),
    ...ageFields(session),
  ];
  return [
    {spans: [span(` ${what} ${pid}? `, 'danger')], mark: 'banner'},
    ...sentences(
      isProcess
        ? PROCESS_CONSEQUENCES[action]
        : consequence(action, session, radiusOf(action, session, state)),
      state,
    ).map(text => line(text, 'waiting')),
    ...[remark, guardText(target)].flatMap(text =>
      text === null ? [] : sentences(text, state).map(part => line(part, 'strong')),
    ),
    ...changedLines(session, target, state),
    ...flow(facts, state.columns),
    {spans: isProcess ? field('title', target.title) : field('query', query || '(none)')},
  ];
}

/** What keeps the signal from another session where backend_start is hidden. */
function guardText(target: BatchTarget['target']): string | null {
  switch (target.kind) {
    case 'session':
      return null;
    case 'process':
      return `The system sends it to the process that began as ${target.pid} under postmaster ${target.postmaster.pid}, checked again right before.`;
    case 'transaction':
      return `This role may not see when ${target.pid} began: it is signalled while it is in transaction ${target.virtualTransaction} only.`;
    case 'role':
      return `This role may not see when ${target.pid} began, and it is in no transaction: the signal goes to whoever has this pid, user and database by then. pg_read_all_stats would guard it fully.`;
    default:
      return target satisfies never;
  }
}

/** The way to do it and the ways out. Empty until keys count. */
function keyLine({batch, openedBy, paintedAtMs, toType, typed}: Confirmation): Line {
  if (paintedAtMs === null) return line('');
  const others = ['n', 'Esc', ...(openedBy.length === 1 ? [openedBy] : [])].join(' ');
  const whom = batch.targets.length === 1 ? 'it' : 'them';
  const first: readonly Span[] =
    toType === null
      ? []
      : [span(' type '), span(toType, 'strong'), span(`: ${typed.padEnd(toType.length, '_')}  `)];
  return {
    spans: [
      ...first,
      span(' y', typed === (toType ?? '') ? 'key' : 'dim'),
      span(` ${batch.action === 'cancel' ? 'cancels' : 'terminates'} ${whom}   `),
      span(others, 'key'),
      span(' closes this, nothing is signalled'),
    ],
  };
}

function auditLines(state: State): readonly Line[] {
  const {auditProblem, options} = state;
  if (auditProblem !== null)
    return sentences(`The audit log cannot be written: ${auditProblem}`, state).map(text =>
      line(text, 'danger'),
    );
  return options.auditPath === null ? [line(' No audit log is kept (--audit-log none).', 'dim')] : [];
}

function ageFields({queryAgeMs, xactAgeMs, sessionAgeMs}: Session): readonly (readonly Span[])[] {
  const ages = [
    ['query', queryAgeMs],
    ['transaction', xactAgeMs],
    ['session', sessionAgeMs],
  ] as const;
  return ages.flatMap(([name, age]) => (age === null ? [] : [field(name, formatDuration(age))]));
}

function radiusOf(action: SignalAction, {backend}: Session, {shown}: State): BlastRadius {
  return shown === null ? NO_RADIUS : signalRadius(action, shown.forest, new Set([backend.pid]));
}

/** What the operating system's signals do; who waits behind it only the server could tell. */
const PROCESS_CONSEQUENCES = {
  cancel: 'SIGINT ends what it runs with an error, the session stays. Who waits behind it is not known.',
  terminate: 'SIGTERM ends the session, an open transaction rolls back. Who waits behind it is not known.',
} as const;

/** What ends with the signal, those who wait behind it first. */
function consequence(action: SignalAction, session: Session, radius: BlastRadius): string {
  const {backend, blockedBy} = session;
  const isInXact = isIdleInXact(backend) || backend.backendXid !== null;
  const ends = isInXact ? 'The session ends, its transaction rolls back.' : 'The session ends.';
  const what =
    action === 'cancel'
      ? 'The query ends with an error, the session stays, locks from before a savepoint too.'
      : ends;
  const itself = blockedBy.length === 0 ? '' : ` It waits itself, for ${namesText(blockedBy)}.`;
  return `${radiusText(radius, 'it')} ${what}${itself}`;
}

/** The targets are frozen at the key press: when the session moves on while the dialog stands, the dialog says so. */
function changedLines(session: Session, target: BatchTarget['target'], {latest}: State): readonly Line[] {
  if (latest === null) return [];
  const isOfProcesses = latest.reading.processTable !== null;
  if (isOfProcesses !== (target.kind === 'process'))
    return isOfProcesses
      ? []
      : [line(' The server takes sessions again: n, and choose in the table.', 'danger')];
  const now = latest.byPid.get(session.backend.pid);
  if (now === undefined || now.key !== session.key) {
    return [line(` ${session.backend.pid} has ended since: nothing would be signalled.`, 'danger')];
  }
  const {queryStart, query, state} = session.backend;
  const isSame = isOfProcesses
    ? now.backend.query === query && now.backend.state === state
    : now.backend.queryStart === queryStart;
  return isSame
    ? []
    : [line(` It ${isOfProcesses ? 'does something else' : 'has begun another query'} since.`, 'danger')];
}
