import {isHidden, isIdleInXact} from './backend.ts';
import {DIMENSIONS, type Dimension} from './dimensions.ts';
import {isWaiting, type Session} from './session.ts';

/** What the sessions can be grouped by, in the order that the key goes through them. */
export const GROUPINGS = ['user', 'database', 'application', 'client', 'state', 'queryid'] as const;

/** One of them. */
export type Grouping = (typeof GROUPINGS)[number];

/** The sessions that have a value in common, and what they do. */
export type SessionGroup = {
  /** Identity: what they are grouped by, and the value. */
  readonly key: string;
  /** The value as the catalog has it; empty for none. */
  readonly value: string;
  readonly sessions: readonly Session[];
  readonly active: number;
  readonly idleInXact: number;
  readonly idle: number;
  /** Those that wait for a lock. */
  readonly waiting: number;
  /** Those whose state this role may not see. */
  readonly hidden: number;
  /** Age of the oldest running query in milliseconds; null when none runs or it is hidden. */
  readonly queryAgeMs: number | null;
  /** Age of the oldest open transaction in milliseconds; null when none is open or it is hidden. */
  readonly xactAgeMs: number | null;
  /** The query that has run longest, or the latest one of some session when none runs. */
  readonly query: string;
};

/** The sessions in groups, in no order. */
export function groupSessions(sessions: readonly Session[], by: Grouping): readonly SessionGroup[] {
  const dimension: Dimension = DIMENSIONS[by];
  const members = Map.groupBy(sessions, ({backend}) => dimension.valueOf(backend));
  return [...members].map(([value, group]) => groupOf(`${by}=${value}`, value, group));
}

function groupOf(key: string, value: string, sessions: readonly Session[]): SessionGroup {
  const number = (holds: (session: Session) => boolean) => sessions.filter(holds).length;
  const running = sessions.filter(({backend}) => backend.state === 'active');
  const oldest = running.reduce<Session | undefined>(
    (old, session) => ((session.queryAgeMs ?? -1) > (old?.queryAgeMs ?? -1) ? session : old),
    undefined,
  );
  const xactAges = sessions.flatMap(({xactAgeMs}) => xactAgeMs ?? []);
  return {
    key,
    value,
    sessions,
    active: running.length,
    idleInXact: number(({backend}) => isIdleInXact(backend)),
    idle: number(({backend}) => backend.state === 'idle'),
    waiting: number(isWaiting),
    hidden: number(({backend}) => isHidden(backend)),
    queryAgeMs: oldest?.queryAgeMs ?? null,
    xactAgeMs: xactAges.length === 0 ? null : xactAges.reduce((a, b) => Math.max(a, b)),
    query: (oldest ?? sessions[0])?.backend.query ?? '',
  };
}
