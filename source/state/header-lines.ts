import {connectionShare} from '../model/alarms.ts';
import {formatDuration} from '../model/format.ts';
import {identifier} from '../model/identifier.ts';
import {remembered} from '../model/remembered.ts';
import {countSessions} from '../model/session-counts.ts';
import type {Encryption, Server, Snapshot} from '../model/snapshot.ts';
import {fit, textWidth} from '../model/text-width.ts';
import {isReached} from '../model/thresholds.ts';
import {isoTimestamp} from '../model/timestamp.ts';
import {costLines, intervalText} from './cost-lines.ts';
import {dataAgeMs, isStale, shownAgeMs} from './data-age.ts';
import {type Line, line, lineText, type Span, span, type Tone} from './line.ts';
import {loadLines} from './load-lines.ts';
import {meterLines} from './meter-lines.ts';
import {processBanners, processCounts} from './process-lines.ts';
import type {State} from './state.ts';
import {showsProcesses} from './table-rows.ts';

/** Where the data come from, the meters, and a banner when something is wrong; remembered with the state. */
export const headerLines = remembered((state: State): readonly Line[] => {
  const banners = bannerLines(state);
  const below = [...costLines(state), ...loadLines(state)];
  if (state.header === 'off' || state.shown === null) return [...below, ...banners];
  const top: Line = {spans: serverSpans(state, state.shown), mark: 'heading'};
  if (state.header === 'compact') return [top, ...below, ...banners];
  if (showsProcesses(state)) return [top, {spans: processCounts(state.shown)}, ...below, ...banners];
  const counts = countSpans(state, state.shown);
  return [top, {spans: counts}, ...meterLines(state), ...below, ...banners];
});

function serverSpans(state: State, {reading}: Snapshot): readonly Span[] {
  const {server, collectedAt} = reading;
  const role = server.inRecovery ? 'standby' : 'primary';
  const number = server.version.split(' ')[0];
  const spans = (version: string, place: string) => [
    span(`pgtop ${PGTOP_VERSION}`, 'title'),
    span(` · ${version} · ${place} · `),
    ...intervalText(state),
    span(' · '),
    span(isoTimestamp(collectedAt).slice(11, 19)),
    ...(state.options.isReadOnly ? [span(' · read-only', 'good')] : []),
  ];
  const place = placeText(server);
  const encrypted = encryptionText(server.encryption);
  const guarded = encrypted === null ? place : `${place} · ${encrypted}`;
  const short = `${number} ${role}`;
  const room = state.columns - textWidth(lineText({spans: spans(short, '')}));
  return firstThatFits(state, [
    spans(`PostgreSQL${number === '' ? '' : ` ${number}`}, ${role}`, guarded),
    spans(short, guarded),
    ...(encrypted === null || encrypted.length + 12 > room
      ? []
      : [spans(short, cutPlace(room, place, encrypted))]),
    spans(short, fit(place, Math.max(8, room), 'left', '+')),
  ]);
}

/** A long name of the place gives way to what protects the connection. */
function cutPlace(room: number, place: string, encrypted: string): string {
  return `${fit(place, room - textWidth(encrypted) - 3, 'left', '+')} · ${encrypted}`;
}

/** What protects the connection from being read on its way; null for a socket, which stays on the machine. */
export function encryptionText(encryption: Encryption): string | null {
  if (encryption.type !== 'tls') return encryption.type === 'socket' ? null : 'plaintext';
  return encryption.isVerified ? `${encryption.version}, verified` : 'TLS, not verified';
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
    const meter = (name: string, count: number, tone: Tone, text = String(count)) => [
      span(`${gap}${name} `, 'dim'),
      span(text, count > 0 ? tone : 'dim'),
    ];
    const state = (name: string, count: number, tone: Tone) =>
      meter(name, count, tone, counts.hidden === 0 ? String(count) : count === 0 ? 'n/a' : `${count}+`);
    return [
      ...state('active', counts.active, 'active'),
      ...meter('waiting', counts.waiting, 'waiting'),
      ...state(idleInXact, counts.idleInXact - counts.idleInXactAborted, 'idle-in-xact'),
      ...state('aborted', counts.idleInXactAborted, 'danger'),
      ...state('idle', counts.idle, 'plain'),
      ...(counts.hidden > 0 ? meter('hidden', counts.hidden, 'waiting') : []),
    ];
  };
  const isNearlyFull = isReached(connectionShare(snapshot), state.options.thresholds.connections);
  const connections = span(
    `${used}/${maxConnections}${isNearlyFull ? '!' : ''}`,
    isNearlyFull ? 'danger' : 'strong',
  );
  return firstThatFits(state, [
    [span('Connections ', 'dim'), connections, ...meters('   ', 'idle in transaction')],
    [span('Conns ', 'dim'), connections, ...meters('  ', 'idle tx')],
    [connections, ...meters(' ', 'idle tx')],
  ]);
}

const LOST = {lost: 'Connection lost', full: 'No free slot', refused: 'Refused'} as const;

function nextTry({retryAtMs}: Extract<State['link'], {type: 'lost'}>, nowMs: number): string {
  if (retryAtMs === null) return 'not tried again until R is pressed';
  const wait = Math.max(0, Math.ceil((retryAtMs - nowMs) / 1000));
  return wait > 0 ? `trying again in ${wait} s` : 'trying again';
}

/** What is wrong or out of the ordinary: no connection, old data, a pause, what could not be read. Stands on every page that shows data. */
export function bannerLines(state: State): readonly Line[] {
  const {link, shown} = state;
  const banners: string[] = [];
  const age = formatDuration(dataAgeMs(state));
  if (link.type === 'lost') {
    // Of processes the next banner tells how old they are.
    const isTold = shown === null || (link.why === 'full' && showsProcesses(state));
    const data = isTold ? '' : ` · data are ${age} old`;
    banners.push(`${LOST[link.why]}: ${link.message} · ${nextTry(link, state.nowMs)}${data}`);
    banners.push(...processBanners(state, dataAgeMs(state)));
  } else if (link.type === 'late') {
    banners.push(`The last refresh failed: ${link.message} · data are ${age} old`);
  } else if (isStale(state)) {
    banners.push(`The server has not answered for ${age}; these are its last data.`);
  }
  if (state.isPaused) banners.push(`Paused · data are ${formatDuration(shownAgeMs(state))} old · p goes on`);
  if (shown !== null) banners.push(...catalogBanners(shown));
  for (const failure of shown?.reading.failures ?? []) banners.push(failure);
  const hidden = shown?.reading.isPartlyHidden ? countSessions(shown.sessions).hidden : 0;
  if (hidden > 0) {
    banners.push(
      `${hidden} ${hidden === 1 ? 'session is' : 'sessions are'} hidden, this role lacks pg_monitor: GRANT pg_monitor TO ${identifier(shown?.reading.server.user ?? '')}`,
    );
  }
  return banners.map(text => ({...line(` ${text}`), mark: 'banner'}));
}

/** Who locks which catalogs against everybody, a line for each holder. */
function catalogBanners({reading, byPid}: Snapshot): readonly string[] {
  return [...Map.groupBy(reading.lockedCatalogs, ({pid}) => pid)].map(([pid, locks]) => {
    const names = locks.map(({catalog}) => catalog).join(', ');
    const backend = pid === null ? undefined : byPid.get(pid)?.backend;
    const who = backend === undefined ? [] : [backend.usename, backend.applicationName, backend.state];
    const told = who.filter(word => word !== null && word !== '').join(', ');
    const holder = pid === null ? 'a prepared transaction' : `${pid}${told === '' ? '' : ` (${told})`}`;
    return `${names} locked by ${holder}: new sessions and whatever needs ${locks.length > 1 ? 'them' : 'it'} wait`;
  });
}
