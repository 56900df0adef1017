import {breachesOf, breachText} from '../model/alarms.ts';
import {isHidden} from '../model/backend.ts';
import {backendIoText} from '../model/backend-io.ts';
import {clientText} from '../model/columns.ts';
import {formatDuration} from '../model/format.ts';
import {processText} from '../model/process-figures.ts';
import {progressInFull} from '../model/progress.ts';
import type {Session} from '../model/session.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {textWidth, wrapText} from '../model/text-width.ts';
import {ageMs, isoTimestamp, type Microseconds} from '../model/timestamp.ts';
import {waitObject} from '../model/wait-object.ts';
import {bannerLines} from './header-lines.ts';
import {type Line, line, span} from './line.ts';
import type {Mode} from './mode.ts';
import {sessionLoadLines} from './session-load-lines.ts';
import type {State} from './state.ts';

type Inspect = Extract<Mode, {type: 'inspect'}>;

const NAME_WIDTH = 14;

/** Everything known of one session but its locks, as lines of at most the screen's width. */
export function inspectLines(state: State, mode: Inspect): readonly Line[] {
  const {session} = mode;
  const {shown} = state;
  const isOwnDetail = state.detail?.key === session.key;
  const query = (isOwnDetail ? state.detail?.query : undefined) ?? session.backend.query;
  return [
    ...bannerLines(state),
    {
      ...line(
        ` Session ${session.backend.pid}${mode.isGone ? ' · has ended; this is what was last seen of it' : ''}`,
      ),
      mark: mode.isGone ? 'banner' : 'heading',
    },
    ...identityLines(session),
    ...stateLines(session, shown),
    ...(shown === null
      ? []
      : fact('marked', breachesOf(session, shown, state.options.thresholds).map(breachText).join(', '))),
    ...(shown === null ? [] : fact('process', processText(session.process, shown.reading.processes))),
    ...fact('buffers', isOwnDetail && state.detail?.io ? backendIoText(state.detail.io) : null),
    ...(shown === null ? [] : relativesLines(state, session, shown)),
    line(''),
    {...line(' Query'), mark: 'heading'},
    ...(query === ''
      ? [line(' none', 'dim')]
      : wrapText(query, Math.max(10, state.columns - 2)).map(text => line(` ${text}`))),
    line(''),
    ...sessionLoadLines(state, session),
    line(''),
    {...line(` Locks${isOwnDetail ? ` · ${state.detail?.lockCount}` : ' · …'}`), mark: 'heading'},
  ];
}

function fact(name: string, value: string | null): readonly Line[] {
  if (value === null || value === '') return [];
  return [{spans: [span(` ${name.padEnd(NAME_WIDTH)}`, 'dim'), span(value)]}];
}

function identityLines(session: Session): readonly Line[] {
  const {backend} = session;
  const {usename, datname, backendType, clientPort, leaderPid, queryId, backendXid, backendXmin, tls} =
    backend;
  const port = clientPort !== null && clientPort > 0 ? `:${clientPort}` : '';
  const host = backend.clientHostname === null ? '' : ` (${backend.clientAddr})`;
  const isRemote = backend.clientAddr !== null;
  return [
    ...fact('user', usename),
    ...fact('database', datname),
    ...fact('application', backend.applicationName),
    ...fact('client', clientText(session) === '' ? null : `${clientText(session)}${port}${host}`),
    ...fact(
      'TLS',
      isRemote ? (tls ?? (isHidden(backend) ? 'hidden' : 'no: the connection is plaintext')) : null,
    ),
    ...fact('type', backendType),
    ...fact('leader', leaderPid === null ? null : String(leaderPid)),
    ...fact('query id', queryId),
    ...fact('xid', backendXid),
    ...fact('xmin', backendXmin),
  ];
}

function since(age: number | null, at: Microseconds | null): string | null {
  return at === null ? null : `${formatDuration(age)} (since ${isoTimestamp(at).slice(0, 23)}Z)`;
}

function stateLines(session: Session, shown: Snapshot | null): readonly Line[] {
  const {backend} = session;
  const wait = backend.waitEvent === null ? null : `${backend.waitEventType}:${backend.waitEvent}`;
  const node = shown?.forest.nodes.get(backend.pid);
  const lockWait = node?.wait;
  return [
    ...fact('state', isHidden(backend) ? 'hidden from this role' : backend.state),
    ...fact('waits for', wait),
    ...(lockWait && shown
      ? fact(
          'lock wait',
          `${lockWait.lock.mode} on ${waitObject(lockWait.lock, shown.relationNames)}, ${formatDuration(ageMs(shown.reading.collectedAt, lockWait.since))}`,
        )
      : []),
    ...(session.progress && shown
      ? fact('progress', progressInFull(session.progress, shown.reading.collectedAt))
      : []),
    ...fact('query age', backend.state === 'idle' ? null : since(session.queryAgeMs, backend.queryStart)),
    ...fact('transaction', since(session.xactAgeMs, backend.xactStart)),
    ...fact('state age', since(session.stateAgeMs, backend.stateChange)),
    ...fact('session', since(session.sessionAgeMs, backend.backendStart)),
  ];
}

function relativesLines(state: State, session: Session, shown: Snapshot): readonly Line[] {
  const {pid} = session.backend;
  const node = shown.forest.nodes.get(pid);
  const blockers = (node?.blockedBy ?? []).map(id => nameOf(shown, id));
  const waiters = [...shown.forest.nodes.values()].filter(other => other.blockedBy.includes(pid));
  const workers = shown.sessions.filter(
    ({backend}) => backend.leaderPid === pid && backend.backendType === 'parallel worker',
  );
  const list = (name: string, texts: readonly string[]) => listLines(state, name, texts);
  return [
    ...list('blocked by', blockers),
    ...list(
      'blocks',
      waiters.map(waiter => nameOf(shown, waiter.id)),
    ),
    ...(session.blocksInTotal > waiters.length ? fact('blocks in all', String(session.blocksInTotal)) : []),
    ...list(
      'workers',
      workers.map(
        ({backend}) =>
          `${backend.pid} ${backend.state ?? ''}${backend.waitEvent === null ? '' : ` ${backend.waitEvent}`}`,
      ),
    ),
  ];
}

/** How many relatives are listed before the rest is only counted. */
const LISTED = 12;

function listLines(state: State, name: string, texts: readonly string[]): readonly Line[] {
  if (texts.length === 0) return [];
  const shown =
    texts.slice(0, LISTED).join(' · ') +
    (texts.length > LISTED ? ` · and ${texts.length - LISTED} more` : '');
  const room = Math.max(10, state.columns - NAME_WIDTH - 3);
  return wrapText(shown, room).map((text, index) => ({
    spans: [
      span(` ${(index === 0 ? name : '').padEnd(NAME_WIDTH)}`, 'dim'),
      span(text, textWidth(text) > 0 ? 'waiting' : 'plain'),
    ],
  }));
}

function nameOf({byPid, preparedXacts}: Snapshot, id: number): string {
  if (id < 0) return `prepared transaction '${preparedXacts.get(id)?.gid ?? ''}'`;
  const backend = byPid.get(id)?.backend;
  return backend === undefined
    ? String(id)
    : `${id} ${backend.usename ?? ''}@${backend.datname ?? ''} (${backend.state ?? 'hidden'})`;
}
