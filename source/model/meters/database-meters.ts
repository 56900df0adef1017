import type {MeterFigures} from '../meter-reading.ts';
import {difference, ratePerSecond, shareOf} from '../rates.ts';
import {known, type Meter, NONE} from './meter.ts';

/** A meter of what some counters of all databases grow a second. */
function counter(
  caption: string,
  description: string,
  unit: 'rate' | 'byte-rate',
  ...figures: readonly MeterFigures['databases'][]
): Meter {
  return {
    caption,
    description,
    from: `pg_stat_database ${figures.join(', ')}`,
    unit,
    width: 6,
    source: 'databases',
    value: ({reading}) => known(ratePerSecond(reading.meters.databases, ...figures)),
  };
}

/** A meter of something rare: how often it happened since the statistics were reset. Bad while it happens. */
function tally(caption: string, description: string, figure: MeterFigures['databases']): Meter {
  return {
    caption,
    description,
    from: `pg_stat_database ${figure}`,
    unit: 'count',
    width: 4,
    source: 'databases',
    value: ({reading: {meters}}) =>
      known(meters.databases.now?.figures[figure], '', (difference(meters.databases, figure) ?? 0) > 0),
  };
}

/** What all databases together do. */
export const databaseMeters = {
  xacts: counter('xacts', 'transactions that ended per second', 'rate', 'xact_commit', 'xact_rollback'),
  rollbacks: counter('rollbacks', 'transactions rolled back per second', 'rate', 'xact_rollback'),
  rowsOut: counter('rows out', 'rows read by scans per second', 'rate', 'tup_returned'),
  rowsIn: counter(
    'rows in',
    'rows inserted, updated and deleted per second',
    'rate',
    'tup_inserted',
    'tup_updated',
    'tup_deleted',
  ),
  temp: counter('temp', 'bytes written to temporary files per second', 'byte-rate', 'temp_bytes'),
  deadlocks: tally('deadlocks', 'deadlocks since the statistics were reset', 'deadlocks'),
  conflicts: tally('conflicts', 'queries cancelled for recovery on a standby, since the reset', 'conflicts'),
  hit: {
    caption: 'hit',
    description: 'share of the blocks wanted in the last seconds that were in shared buffers',
    from: 'pg_stat_database blks_hit, blks_read',
    unit: 'share',
    width: 5,
    source: 'databases',
    value: ({reading: {meters}}) =>
      difference(meters.databases, 'blks_fetched') === 0
        ? NONE
        : known(shareOf(meters.databases, 'blks_hit', 'blks_fetched')),
  },
} as const satisfies Readonly<Record<string, Meter>>;
