import {formatDuration} from '../model/format.ts';
import {countSessions} from '../model/session-counts.ts';
import type {Server, Snapshot} from '../model/snapshot.ts';
import {fit, textWidth} from '../model/text-width.ts';
import {isoTimestamp} from '../model/timestamp.ts';
import {type Line, line, lineText, type Span, span, type Tone} from './line.ts';
import type {State} from './state.ts';

/** Data older than this many refreshes are called stale. */
const STALE_REFRESHES = 3;

/** Where the data come from, the meters, and a banner when something is wrong. */
export function headerLines(state: State): readonly Line[] {
  const banners = bannerLines(state);
  if (state.header === 'off' || state.shown === null) return banners;
  const top: Line = {spans: serverSpans(state, state.shown), mark: 'heading'};
  const counts = countSpans(state, state.shown);
  if (state.header === 'compact') return [top, ...banners];
  return [top, {spans: counts}, ...banners];
}

/** How old the newest data are, in milliseconds of the local clock. */
export function dataAgeMs({nowMs, receivedAtMs}: State): number {
  return Math.max(0, nowMs - receivedAtMs);
}

/** True when the data on screen no longer tell how things are. */
export function isStale(state: State): boolean {
  return state.link.type === 'lost' || dataAgeMs(state) > state.intervalMs * STALE_REFRESHES + 1_000;
}

function serverSpans(state: State, {reading}: Snapshot): readonly Span[] {
  const {server, collectedAt} = reading;
  const role = server.inRecovery ? 'standby' : 'primary';
  const number = server.version.split(' ')[0];
  const spans = (version: string, place: string) => [
    span(`pgtop ${PGTOP_VERSION}`, 'title'),
    span(` · ${version} · ${place} · ${state.intervalMs / 1000} s · `),
    span(isoTimestamp(collectedAt).slice(11, 19)),
    ...(state.options.isReadOnly ? [span(' · read-only', 'good')] : []),
  ];
  const place = placeText(server);
  const short = `${number} ${role}`;
  const room = state.columns - textWidth(lineText({spans: spans(short, '')}));
  return firstThatFits(state, [
    spans(`PostgreSQL ${number}, ${role}`, place),
    spans(short, place),
    spans(short, fit(place, Math.max(8, room), 'left', '+')),
  ]);
}

/** The first of several wordings that the terminal has room for, else the last. */
function firstThatFits({columns}: State, wordings: readonly (readonly Span[])[]): readonly Span[] {
  const fitting = wordings.find(spans => textWidth(lineText({spans})) <= columns);
  return fitting ?? wordings.at(-1) ?? [];
}

/** `user@host:port/database`; a socket folder stands for the host. */
export function placeText({
  user,
  host,
  port,
  database,
}: Pick<Server, 'user' | 'host' | 'port' | 'database'>): string {
  return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}/${database}`;
}

function countSpans(state: State, snapshot: Snapshot): readonly Span[] {
  const counts = countSessions(snapshot.sessions);
  // The monitor's own connection takes a slot too.
  const used = counts.clients + 1;
  const {maxConnections} = snapshot.reading.server;
  const meters = (gap: string, idleInXact: string): readonly Span[] => {
    const meter = (name: string, count: number, tone: Tone) => [
      span(`${gap}${name} `, 'dim'),
      span(String(count), count > 0 ? tone : 'dim'),
    ];
    return [
      ...meter('active', counts.active, 'active'),
      ...meter('waiting', counts.waiting, 'waiting'),
      ...meter(idleInXact, counts.idleInXact - counts.idleInXactAborted, 'idle-in-xact'),
      ...meter('aborted', counts.idleInXactAborted, 'danger'),
      ...meter('idle', counts.idle, 'plain'),
      ...(counts.hidden > 0 ? meter('hidden', counts.hidden, 'waiting') : []),
    ];
  };
  const connections = span(`${used}/${maxConnections}`, used >= maxConnections * 0.9 ? 'danger' : 'strong');
  return firstThatFits(state, [
    [span('Connections ', 'dim'), connections, ...meters('   ', 'idle in transaction')],
    [span('Conns ', 'dim'), connections, ...meters('  ', 'idle tx')],
    [connections, ...meters(' ', 'idle tx')],
  ]);
}

/** What is wrong or out of the ordinary: no connection, old data, a pause, what could not be read. Stands on every page that shows data. */
export function bannerLines(state: State): readonly Line[] {
  const {link, shown} = state;
  const banners: string[] = [];
  const age = formatDuration(dataAgeMs(state));
  if (link.type === 'lost') {
    const wait = Math.max(0, Math.ceil((link.retryAtMs - state.nowMs) / 1000));
    const next = wait > 0 ? `trying again in ${wait} s` : 'trying again';
    banners.push(
      `${link.isRefused ? 'Refused' : 'Connection lost'}: ${link.message} · ${next} · data are ${age} old`,
    );
  } else if (link.type === 'late') {
    banners.push(`The last refresh failed: ${link.message} · data are ${age} old`);
  } else if (isStale(state)) {
    banners.push(`The server has not answered for ${age}; these are its last data.`);
  }
  if (state.isPaused) banners.push(`Paused · data are ${formatDuration(pausedAgeMs(state))} old · p goes on`);
  for (const failure of shown?.reading.failures ?? []) banners.push(failure);
  const hidden = shown?.reading.isPartlyHidden ? countSessions(shown.sessions).hidden : 0;
  if (hidden > 0) {
    banners.push(
      `${hidden} sessions of other roles are hidden: this role needs pg_monitor (GRANT pg_monitor TO ${shown?.reading.server.user})`,
    );
  }
  return banners.map(text => ({...line(` ${text}`), mark: 'banner'}));
}

/** How old the frozen data are: the newest data's age and how far these lie behind them. */
function pausedAgeMs(state: State): number {
  const behind = ((state.latest?.reading.collectedAt ?? 0) - (state.shown?.reading.collectedAt ?? 0)) / 1000;
  return dataAgeMs(state) + behind;
}
