import {isClientBackend, isIdleInXact} from './backend.ts';
import {formatDuration} from './format.ts';
import {isWaiting, type Session} from './session.ts';
import {countSessions} from './session-counts.ts';
import type {Snapshot} from './snapshot.ts';
import {isReached, type ThresholdName, type Thresholds} from './thresholds.ts';
import {ageMs} from './timestamp.ts';

/** Something that has crossed a threshold. */
export type Alarm = {
  /** The same for as long as it is the same thing that lasts. */
  readonly key: string;
  /** One line that says what it is. */
  readonly text: string;
};

/** A threshold that a session has crossed, and how long it has been at it, in milliseconds. */
export type Breach = {readonly name: ThresholdName; readonly ageMs: number};

const WORDS: Partial<Readonly<Record<ThresholdName, string>>> = {
  query: 'runs its query',
  'idle-in-xact': 'is idle in transaction',
  wait: 'waits for a lock',
};

/** The thresholds that a session has crossed. */
export function breachesOf(session: Session, snapshot: Snapshot, thresholds: Thresholds): readonly Breach[] {
  const {backend, queryAgeMs, stateAgeMs} = session;
  // A WAL sender is one long query by its nature.
  const isRunning = backend.state === 'active' && isClientBackend(backend);
  const breach = (name: ThresholdName, age: number | null): readonly Breach[] =>
    age !== null && isReached(age, thresholds[name]) ? [{name, ageMs: age}] : [];
  return [
    ...breach('query', isRunning ? queryAgeMs : null),
    ...breach('idle-in-xact', isIdleInXact(backend) ? stateAgeMs : null),
    ...breach('wait', isWaiting(session) ? waitAgeMs(session, snapshot) : null),
  ];
}

function waitAgeMs({backend}: Session, {forest, reading}: Snapshot): number | null {
  return ageMs(reading.collectedAt, forest.nodes.get(backend.pid)?.wait?.since ?? null);
}

/** A breach in words: `runs its query for 6m02s`. */
export function breachText({name, ageMs: age}: Breach): string {
  return `${WORDS[name] ?? name} for ${formatDuration(age)}`;
}

/** Connections in use as a share of max_connections; the monitor's own is one of them. */
export function connectionShare({sessions, reading}: Snapshot): number {
  return (countSessions(sessions).clients + 1) / reading.server.maxConnections;
}

/** Age of the oldest unfrozen transaction id as a share of autovacuum_freeze_max_age; null before it was read. */
export function xidShare({reading: {meters}}: Snapshot): number | null {
  const age = meters.catalog.now?.figures.datfrozenxid_age ?? null;
  const limit = meters.settings.now?.figures.autovacuum_freeze_max_age ?? null;
  return age === null || limit === null ? null : age / limit;
}

/** Everything that has crossed a threshold. */
export function alarmsOf(snapshot: Snapshot, thresholds: Thresholds): readonly Alarm[] {
  const sessions = snapshot.sessions.flatMap(session =>
    breachesOf(session, snapshot, thresholds).map(breach => ({
      key: `${session.key} ${breach.name}`,
      text: `${session.backend.pid} ${whoText(session)} ${breachText(breach)}`,
    })),
  );
  const share = (name: ThresholdName, value: number | null, what: string): readonly Alarm[] =>
    value !== null && isReached(value, thresholds[name])
      ? [{key: name, text: `${Math.floor(value * 100)}% of ${what}`}]
      : [];
  return [
    ...sessions,
    ...share('connections', connectionShare(snapshot), 'max_connections are in use'),
    ...share('xid', xidShare(snapshot), 'autovacuum_freeze_max_age is the age of the oldest transaction id'),
  ];
}

function whoText({backend: {usename, datname, applicationName}}: Session): string {
  return `${usename ?? ''}@${datname ?? ''}${applicationName === '' ? '' : ` (${applicationName})`}`;
}
