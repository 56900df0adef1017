import type {Microseconds} from './timestamp.ts';

/** The figures of the meters by the question that answers them: each question is one statement at its own pace. */
export type MeterFigures = {
  readonly settings:
    | 'autovacuum_max_workers'
    | 'autovacuum_freeze_max_age'
    | 'superuser_reserved_connections'
    /** Since PostgreSQL 16, 0 before. */
    | 'reserved_connections'
    /** Bytes of one WAL file. */
    | 'wal_segment_size'
    /** 1 when archive_mode is not off. */
    | 'archive_mode';
  readonly catalog: /** Age of the oldest datfrozenxid of all databases, in transactions. */ 'datfrozenxid_age';
  /** Sums over all databases, as pg_stat_database counts them. */
  readonly databases:
    | 'xact_commit'
    | 'xact_rollback'
    | 'tup_returned'
    | 'tup_inserted'
    | 'tup_updated'
    | 'tup_deleted'
    /** Blocks wanted, whether found in shared buffers (blks_hit) or read (blks_read). */
    | 'blks_fetched'
    | 'blks_hit'
    | 'temp_bytes'
    | 'deadlocks'
    | 'conflicts';
  readonly wal: /** Bytes of WAL since the server was made: written on a primary, received on a standby. */
    | 'wal_lsn'
    /** Bytes of WAL that a standby has replayed; null on a primary. */
    | 'replay_lsn'
    /** Seconds since the latest replayed commit, 0 when all that was received is replayed; null on a primary and before the first commit. */
    | 'replay_delay'
    | 'checkpoints_timed'
    | 'checkpoints_requested'
    /** Where the newest archived WAL file ends, in bytes as wal_lsn; null before one was archived. */
    | 'archived_lsn'
    | 'archive_failures'
    /** The next transaction id, with its epoch. */
    | 'next_xid';
  readonly replication:
    | 'senders'
    /** Of them, those whose place this role may not see. */
    | 'senders_hidden'
    /** Bytes of WAL that the slowest standby has not replayed; null without senders. */
    | 'replay_lag_bytes'
    /** Seconds of the slowest standby, pg_stat_replication.replay_lag; null while all are idle. */
    | 'replay_lag'
    | 'slots'
    | 'slots_inactive'
    /** Bytes of WAL that the slot furthest behind keeps; null when none keeps any. */
    | 'slot_retained_bytes'
    /** Age in transactions of the oldest snapshot that a slot holds (xmin, catalog_xmin); null when none does. */
    | 'slot_xmin_age'
    | 'prepared_xacts'
    /** Seconds since the oldest one was prepared; null without one. */
    | 'prepared_age'
    /** Age of the oldest one in transactions; null without one. */
    | 'prepared_xmin_age';
  /** Of the machine that both the server and pgtop run on; null where a container hides it. */
  readonly host: /** /proc/loadavg, average of the last minute. */
    | 'load_1m'
    | 'cores'
    /** Time of all cores since the machine started, in ticks, and that in which they worked. */
    | 'cpu_ticks'
    | 'cpu_busy_ticks'
    /** Bytes. */
    | 'memory_total'
    | 'memory_available'
    /** Bytes read from and written to storage since the machine started. */
    | 'bytes_in'
    | 'bytes_out';
};

/** A question of the meters. */
export type MeterSource = keyof MeterFigures;

/** Those that the server answers. */
export type ServerSource = Exclude<MeterSource, 'host'>;

/** The figures of one reading; null is the server's NULL. */
export type MeterSample<Source extends MeterSource> = {
  /** The server's clock when they were read. */
  readonly at: Microseconds;
  /** What the counters count from: databases and moments of their resets. Two samples of different series have no difference. */
  readonly series: string;
  readonly figures: Readonly<Record<MeterFigures[Source], number | null>>;
};

/** What one question brought: the newest sample, one from some seconds before to make rates with, and why the latest try failed. */
export type Sampled<Source extends MeterSource> = {
  readonly now: MeterSample<Source> | null;
  readonly before: MeterSample<Source> | null;
  /** The server's words; null when the latest try went well. */
  readonly failure: string | null;
};

/** Everything the meters are made of that the sessions do not tell. */
export type MeterReading = {readonly [Source in MeterSource]: Sampled<Source>};

const UNREAD = {now: null, before: null, failure: null};

/** Before the first question, and where nobody wants meters. */
export const NO_METERS: MeterReading = {
  settings: UNREAD,
  catalog: UNREAD,
  databases: UNREAD,
  wal: UNREAD,
  replication: UNREAD,
  host: UNREAD,
};
