import type {MeterFigures, ServerSource} from '../../model/meter-reading.ts';
import type {Since} from '../sql-version.ts';

/** The row of a statement of the meters: the server's clock, what the counters count from, and the figures in the order of FIGURES. */
export type MeterRow = readonly [
  clock: string,
  series: string | null,
  ...figures: readonly (string | null)[],
];

/** The figures of each statement in the order of its columns. */
export const FIGURES: {readonly [Source in ServerSource]: readonly MeterFigures[Source][]} = {
  settings: [
    'autovacuum_max_workers',
    'autovacuum_freeze_max_age',
    'superuser_reserved_connections',
    'reserved_connections',
    'wal_segment_size',
    'archive_mode',
  ],
  catalog: ['datfrozenxid_age'],
  databases: [
    'xact_commit',
    'xact_rollback',
    'tup_returned',
    'tup_inserted',
    'tup_updated',
    'tup_deleted',
    'blks_fetched',
    'blks_hit',
    'temp_bytes',
    'deadlocks',
    'conflicts',
  ],
  wal: [
    'wal_lsn',
    'replay_lsn',
    'replay_delay',
    'checkpoints_timed',
    'checkpoints_requested',
    'archived_lsn',
    'archive_failures',
    'next_xid',
  ],
  replication: [
    'senders',
    'senders_hidden',
    'replay_lag_bytes',
    'replay_lag',
    'slots',
    'slots_inactive',
    'slot_retained_bytes',
    'slot_xmin_age',
    'prepared_xacts',
    'prepared_age',
    'prepared_xmin_age',
  ],
};

/** How many databases are counted at most: each costs the server some 10 us at every reading. */
const DATABASES = 200;

/** Which databases there are, as `oid,oid`. Their counters are then asked by oid, without a look at a catalog that somebody may have locked. */
export const meterCatalogStatement = /* sql */ `
-- pg_database; any role. Waits behind an ACCESS EXCLUSIVE lock on it, hence apart from the counters, seldom and under lock_timeout.
SELECT pg_catalog.clock_timestamp(), pg_catalog.string_agg(d.oid::text, ','), pg_catalog.max(d.age)
  FROM (SELECT d.oid, pg_catalog.max(pg_catalog.age(d.datfrozenxid)) OVER () AS age
          FROM pg_catalog.pg_database d ORDER BY d.oid LIMIT ${DATABASES}) d`;

/** The settings that limits are taken from. */
export const meterSettingsStatement = /* sql */ `
-- Settings any role may ask; reads no catalog.
SELECT pg_catalog.clock_timestamp(), NULL,
       pg_catalog.current_setting('autovacuum_max_workers'), pg_catalog.current_setting('autovacuum_freeze_max_age'),
       pg_catalog.current_setting('superuser_reserved_connections'),
       coalesce(pg_catalog.current_setting('reserved_connections', true), '0'),
       pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size')),
       (pg_catalog.current_setting('archive_mode') <> 'off')::int4`;

/** The counters of databases, summed up. $1: their oids. */
export const databaseCountersStatement = /* sql */ `
-- The functions under pg_stat_database, without its look at pg_database; any role. About 10 us a database.
SELECT pg_catalog.clock_timestamp(),
       pg_catalog.string_agg(pg_catalog.concat(d.oid, ' ', pg_catalog.pg_stat_get_db_stat_reset_time(d.oid)), ','),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_xact_commit(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_xact_rollback(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_tuples_returned(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_tuples_inserted(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_tuples_updated(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_tuples_deleted(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_blocks_fetched(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_blocks_hit(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_temp_bytes(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_deadlocks(d.oid)),
       pg_catalog.sum(pg_catalog.pg_stat_get_db_conflict_all(d.oid))
  FROM pg_catalog.unnest($1::oid[]) d (oid)`;

/** Places in the WAL, checkpoints, the archiver and the next transaction id. */
export function walStatement(since: Since): string {
  const checkpoints = (kind: 'timed' | 'requested') =>
    since(
      170000,
      `pg_catalog.pg_stat_get_checkpointer_num_${kind}()`,
      `pg_catalog.pg_stat_get_bgwriter_${kind}_checkpoints()`,
    );
  const resetTime = since(
    170000,
    'pg_catalog.pg_stat_get_checkpointer_stat_reset_time()',
    'pg_catalog.pg_stat_get_bgwriter_stat_reset_time()',
  );
  // The name of a WAL file is timeline, high and low half of its place, in hexadecimal; names of other files tell no place.
  const half = (from: number) => `('x' || pg_catalog.substr(a.last_archived_wal, ${from}, 8))::bit(32)::int8`;
  const segment = `pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size'))`;
  return /* sql */ `
-- The functions under pg_stat_bgwriter or pg_stat_checkpointer and pg_stat_archiver, and places in the WAL; any role, no catalog.
SELECT pg_catalog.clock_timestamp(), pg_catalog.concat(r.recovery, ' ', a.stats_reset, ' ', ${resetTime}),
       pg_catalog.pg_wal_lsn_diff(CASE WHEN NOT r.recovery THEN pg_catalog.pg_current_wal_lsn()
         ELSE coalesce(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()) END, '0/0'),
       CASE WHEN r.recovery THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0') END,
       CASE WHEN NOT r.recovery THEN NULL
            WHEN pg_catalog.pg_last_wal_receive_lsn() = pg_catalog.pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()) END,
       ${checkpoints('timed')}, ${checkpoints('requested')},
       CASE WHEN a.last_archived_wal ~ '^[0-9A-F]{24}$'
            THEN ${half(9)} * 4294967296 + (${half(17)} + 1) * ${segment} END,
       a.failed_count, pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())
  FROM pg_catalog.pg_is_in_recovery() r (recovery), pg_catalog.pg_stat_get_archiver() a`;
}

/** Standbys, slots and prepared transactions, each summed up. */
export const replicationStatement = /* sql */ `
-- The functions under pg_stat_replication, pg_replication_slots and pg_prepared_xacts, whose views wait for locks on pg_authid
-- and pg_database; any role, but places of other roles' senders need pg_read_all_stats.
SELECT pg_catalog.clock_timestamp(), NULL, s.senders, s.hidden, s.behind, s.lag,
       l.slots, l.inactive, l.retained, l.xmin_age, p.xacts, p.age, p.xid_age
  FROM (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                    ELSE pg_catalog.pg_current_wal_lsn() END AS lsn) w
 CROSS JOIN LATERAL (SELECT pg_catalog.count(*) AS senders, pg_catalog.count(*) FILTER (WHERE s.state IS NULL) AS hidden,
                            pg_catalog.max(pg_catalog.pg_wal_lsn_diff(w.lsn, s.replay_lsn)) AS behind,
                            pg_catalog.max(extract(epoch FROM s.replay_lag)) AS lag
                       FROM pg_catalog.pg_stat_get_wal_senders() s) s
 CROSS JOIN LATERAL (SELECT pg_catalog.count(*) AS slots, pg_catalog.count(*) FILTER (WHERE NOT l.active) AS inactive,
                            pg_catalog.max(pg_catalog.pg_wal_lsn_diff(w.lsn, l.restart_lsn)) AS retained,
                            pg_catalog.max(greatest(pg_catalog.age(l.xmin), pg_catalog.age(l.catalog_xmin))) AS xmin_age
                       FROM pg_catalog.pg_get_replication_slots() l) l
 CROSS JOIN (SELECT pg_catalog.count(*) AS xacts,
                    pg_catalog.max(extract(epoch FROM pg_catalog.clock_timestamp() - p.prepared)) AS age,
                    pg_catalog.max(pg_catalog.age(p.transaction)) AS xid_age
               FROM pg_catalog.pg_prepared_xact() p) p`;
