import {formatBytes, formatCount, formatDuration} from '../format.ts';
import type {MeterSource} from '../meter-reading.ts';
import type {Snapshot} from '../snapshot.ts';
import {DEFAULT_THRESHOLDS, type Thresholds} from '../thresholds.ts';

/** A meter of the header: everything that is known of it, in one place. */
export type Meter = {
  readonly caption: string;
  /** What it shows. */
  readonly description: string;
  /** The views, functions or settings it comes from. */
  readonly from: string;
  readonly unit: MeterUnit;
  /** Cells of its value. */
  readonly width: number;
  /** The question it waits for; null for what the sessions tell. */
  readonly source: MeterSource | null;
  readonly value: (snapshot: Snapshot, thresholds: Thresholds) => MeterValue;
};

/** What a meter says now. */
export type MeterValue =
  | {
      readonly type: 'known';
      /** In the meter's unit. */
      readonly value: number;
      /** What belongs to the value: of how many, or who it is. */
      readonly note: string;
      /** True when somebody should look at it. */
      readonly isBad: boolean;
    }
  /** The first reading has not come yet, or a rate has no second one. */
  | {readonly type: 'pending'}
  /** It cannot be known here, and why. */
  | {readonly type: 'not-available'; readonly reason: string}
  /** There is nothing to measure: no standby, no open transaction. */
  | {readonly type: 'none'};

/** What a meter counts: per second, bytes (per second), a share of 0 to 1, a number, milliseconds, or an average number. */
export type MeterUnit = 'rate' | 'byte-rate' | 'bytes' | 'share' | 'count' | 'age' | 'load';

/** Why a role without pg_read_all_stats is not told. */
export const NEEDS_STATS = 'this role lacks pg_monitor (pg_read_all_stats)';

/** A value, pending while it is null or undefined. */
export function known(value: number | null | undefined, note = '', isBad = false): MeterValue {
  return value === null || value === undefined ? {type: 'pending'} : {type: 'known', value, note, isBad};
}

/** It cannot be known here. */
export function notAvailable(reason: string): MeterValue {
  return {type: 'not-available', reason};
}

/** Nothing is there to be measured. */
export const NONE: MeterValue = {type: 'none'};

/** What a meter says of a snapshot; what its question was refused for stands in for a value that never came. */
export function readMeter(
  meter: Meter,
  snapshot: Snapshot,
  thresholds: Thresholds = DEFAULT_THRESHOLDS,
): MeterValue {
  const value = meter.value(snapshot, thresholds);
  const failure = meter.source === null ? null : snapshot.reading.meters[meter.source].failure;
  return value.type === 'pending' && failure !== null ? notAvailable(failure) : value;
}

const FORMATS: Readonly<Record<MeterUnit, (value: number) => string>> = {
  rate: value => `${value > 0 && value < 9.95 ? value.toFixed(1) : formatCount(value)}/s`,
  'byte-rate': value => `${formatBytes(value)}/s`,
  bytes: formatBytes,
  // Rounded down: only what is complete is called 100 %.
  share: value =>
    value >= 1 ? `${Math.floor(value * 100)}%` : `${(Math.floor(value * 1000) / 10).toFixed(1)}%`,
  count: formatCount,
  age: formatDuration,
  load: load => load.toFixed(load < 99.5 ? 1 : 0),
};

/** A meter's value as text: `1.2k/s`, `99.8%`, `n/a`, `-` for nothing, `..` before it is known. ASCII, which is drawn fastest. */
export function formatMeter(unit: MeterUnit, meter: MeterValue): string {
  switch (meter.type) {
    case 'known':
      return `${FORMATS[unit](meter.value)}${meter.note}`;
    case 'pending':
      return '..';
    case 'none':
      return '-';
    case 'not-available':
      return 'n/a';
    default:
      return meter satisfies never;
  }
}
