import {xidShare} from '../alarms.ts';
import {formatDuration} from '../format.ts';
import type {MeterReading} from '../meter-reading.ts';
import {difference, ratePerSecond} from '../rates.ts';
import {isReached} from '../thresholds.ts';
import {known, type Meter, type MeterValue, NEEDS_STATS, NONE, notAvailable} from './meter.ts';

/** A standby is called late from here on, in seconds. */
const LATE_SECONDS = 60;
/** So many WAL files that wait for the archiver are too many. */
const BACKLOG_FILES = 16;
/** So many bytes of WAL that a slot keeps are too many. */
const RETAINED_BYTES = 10 * 2 ** 30;

/** How far a standby has to go: bytes, and the delay in seconds where it is known. */
function lagOf(bytes: number | null | undefined, seconds: number | null | undefined): MeterValue {
  const note = typeof seconds === 'number' ? ` ${formatDuration(seconds * 1000)}` : '';
  return known(typeof bytes === 'number' ? Math.max(0, bytes) : null, note, (seconds ?? 0) >= LATE_SECONDS);
}

function ownLag({wal}: MeterReading): MeterValue {
  const figures = wal.now?.figures;
  return lagOf(
    figures === undefined ? null : (figures.wal_lsn ?? 0) - (figures.replay_lsn ?? 0),
    figures?.replay_delay,
  );
}

function lagOfStandbys({replication}: MeterReading): MeterValue {
  const figures = replication.now?.figures;
  if (figures === undefined) return known(null);
  if (figures.senders === 0) return NONE;
  return (figures.senders_hidden ?? 0) > 0
    ? notAvailable(NEEDS_STATS)
    : lagOf(figures.replay_lag_bytes ?? 0, figures.replay_lag);
}

/** WAL, and who has to follow it. */
export const walMeters = {
  wal: {
    caption: 'WAL',
    description: 'WAL written per second; on a standby WAL received',
    from: 'pg_current_wal_lsn, pg_last_wal_receive_lsn',
    unit: 'byte-rate',
    width: 6,
    source: 'wal',
    value: ({reading}) => known(ratePerSecond(reading.meters.wal, 'wal_lsn')),
  },
  lag: {
    caption: 'lag',
    description: 'WAL that the slowest standby has still to replay, and its delay; on a standby its own',
    from: 'pg_stat_replication replay_lsn, replay_lag; pg_last_wal_replay_lsn, pg_last_xact_replay_timestamp',
    unit: 'bytes',
    width: 11,
    source: 'replication',
    value: ({reading}) =>
      reading.server.inRecovery ? ownLag(reading.meters) : lagOfStandbys(reading.meters),
  },
  slots: {
    caption: 'slots',
    description: 'WAL that the replication slot furthest behind keeps, and how many of the slots nobody uses',
    from: 'pg_replication_slots restart_lsn, active',
    unit: 'bytes',
    width: 11,
    source: 'replication',
    value: ({reading}) => {
      const figures = reading.meters.replication.now?.figures;
      if (figures === undefined) return known(null);
      const {slots, slots_inactive, slot_retained_bytes} = figures;
      const note = slots_inactive === 0 ? '' : ` ${slots_inactive} idle`;
      return slots === 0
        ? NONE
        : known(slot_retained_bytes ?? 0, note, (slot_retained_bytes ?? 0) > RETAINED_BYTES);
    },
  },
  checkpoints: {
    caption: 'checkpoints',
    description:
      'checkpoints since the statistics were reset, and how many of them came before their time; marked while such a one comes',
    from: 'pg_stat_checkpointer num_timed, num_requested (before PostgreSQL 17 pg_stat_bgwriter)',
    unit: 'count',
    width: 9,
    source: 'wal',
    value: ({reading: {meters}}) => {
      const figures = meters.wal.now?.figures;
      if (figures === undefined) return known(null);
      const [timed, requested] = [figures.checkpoints_timed ?? 0, figures.checkpoints_requested ?? 0];
      return known(
        timed + requested,
        ` ${requested} req`,
        (difference(meters.wal, 'checkpoints_requested') ?? 0) > 0,
      );
    },
  },
  archiver: {
    caption: 'archiver',
    description: 'finished WAL files that are not archived yet, marked also while archiving fails',
    from: 'pg_stat_archiver last_archived_wal, failed_count; pg_current_wal_lsn; archive_mode',
    unit: 'count',
    width: 4,
    source: 'wal',
    value: ({reading: {meters, server}}) => {
      const [figures, settings] = [meters.wal.now?.figures, meters.settings.now?.figures];
      if (figures === undefined || settings === undefined) return known(null);
      if (settings.archive_mode !== 1) return NONE;
      if (server.inRecovery) return notAvailable('a standby does not tell what is left to archive');
      const {wal_lsn, archived_lsn} = figures;
      if (archived_lsn === null)
        return notAvailable('no WAL file was archived since the statistics were reset');
      const files = Math.max(
        0,
        Math.floor(((wal_lsn ?? 0) - archived_lsn) / (settings.wal_segment_size ?? 1)),
      );
      const isFailing = (difference(meters.wal, 'archive_failures') ?? 0) > 0;
      return known(files, '', isFailing || files >= BACKLOG_FILES);
    },
  },
  prepared: {
    caption: 'prepared',
    description: 'prepared transactions, and the age of the oldest',
    from: 'pg_prepared_xacts',
    unit: 'count',
    width: 9,
    source: 'replication',
    value: ({reading}) => {
      const figures = reading.meters.replication.now?.figures;
      const age = figures?.prepared_age ?? null;
      const note = age === null ? '' : ` ${formatDuration(age * 1000)}`;
      return figures?.prepared_xacts === 0 ? NONE : known(figures?.prepared_xacts, note, (age ?? 0) >= 600);
    },
  },
  xidAge: {
    caption: 'xid age',
    description:
      'age of the oldest unfrozen transaction id, as a share of what starts a vacuum against wraparound',
    from: 'pg_database datfrozenxid; autovacuum_freeze_max_age',
    unit: 'share',
    width: 5,
    source: 'catalog',
    value: (snapshot, {xid}) => {
      const share = xidShare(snapshot);
      return known(share, '', isReached(share, xid));
    },
  },
} as const satisfies Readonly<Record<string, Meter>>;
