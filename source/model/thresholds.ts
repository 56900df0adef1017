import {parseAge} from './filter/parse-age.ts';

/** What has a threshold. */
export type ThresholdName = 'query' | 'idle-in-xact' | 'wait' | 'connections' | 'xid';

/** From where on somebody should look at it: milliseconds or a share, as the table says; null for never. */
export type Thresholds = Readonly<Record<ThresholdName, number | null>>;

/** A threshold: everything that is known of it, in one place. */
export type Threshold = {
  readonly name: ThresholdName;
  readonly unit: 'age' | 'share';
  /** As it would be typed. */
  readonly otherwise: string;
  /** What crosses it. */
  readonly description: string;
};

/** Every threshold. */
export const THRESHOLDS: readonly Threshold[] = [
  {name: 'query', unit: 'age', otherwise: '5m', description: 'a query of a client that runs for so long'},
  {
    name: 'idle-in-xact',
    unit: 'age',
    otherwise: '1m',
    description: 'a session idle in transaction for so long',
  },
  {name: 'wait', unit: 'age', otherwise: '10s', description: 'a wait for a lock of so long'},
  {
    name: 'connections',
    unit: 'share',
    otherwise: '90%',
    description: 'connections in use, of max_connections',
  },
  {
    name: 'xid',
    unit: 'share',
    otherwise: '150%',
    description: 'age of the oldest transaction id, of autovacuum_freeze_max_age',
  },
];

/** A value as it is typed: `30s`, `90%`, `off`; undefined for anything else. */
export function parseThreshold({unit}: Threshold, text: string): number | null | undefined {
  if (text === 'off') return null;
  if (unit === 'age') return parseAge(text) ?? undefined;
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) / 100;
}

/** The thresholds that hold unless the user sets others. */
export const DEFAULT_THRESHOLDS: Thresholds = Object.fromEntries(
  THRESHOLDS.map(threshold => [threshold.name, parseThreshold(threshold, threshold.otherwise) ?? null]),
) as Record<ThresholdName, number | null>;

/** True when a value has reached a threshold; nothing has reached one that is off. */
export function isReached(value: number | null, threshold: number | null): boolean {
  return value !== null && threshold !== null && value >= threshold;
}
