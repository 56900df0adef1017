import {describe, expect, test} from 'vitest';
import type {MeterReading} from '../../source/model/meter-reading.ts';
import {formatMeter, readMeter} from '../../source/model/meters/meter.ts';
import {METERS} from '../../source/model/meters/meters.ts';
import type {Reading} from '../../source/model/snapshot.ts';
import {meterReading, meterSample, sampled} from '../helpers/meters.ts';
import {hidden, NOW, running, SECOND, server, snapshot} from '../helpers/snapshots.ts';

function said(caption: string, meters: Partial<MeterReading>, differences: Partial<Reading> = {}): string {
  const meter = METERS.find(candidate => candidate.caption === caption);
  if (meter === undefined) throw new Error(`no meter ${caption}`);
  const value = readMeter(meter, snapshot({meters: meterReading(meters), ...differences}));
  const reason = value.type === 'not-available' ? `: ${value.reason}` : '';
  return `${formatMeter(meter.unit, value)}${value.type === 'known' && value.isBad ? '!' : ''}${reason}`;
}

const databases = (now: Parameters<typeof meterSample<'databases'>>[2], before: typeof now = {}) => ({
  databases: sampled(meterSample('databases', 0, before), meterSample('databases', 10, now)),
});
const replication = (now: Parameters<typeof meterSample<'replication'>>[2]) => ({
  replication: sampled(null, meterSample('replication', 0, now)),
});
const wal = (now: Parameters<typeof meterSample<'wal'>>[2], before: typeof now = {}) => ({
  wal: sampled(meterSample('wal', 0, before), meterSample('wal', 10, now)),
});
const settings = (now: Parameters<typeof meterSample<'settings'>>[2]) => ({
  settings: sampled(null, meterSample('settings', 0, now)),
});
const STANDBY = {server: server({inRecovery: true})};

test('every meter says where it comes from, and waits with two dots for what was not read yet', () => {
  for (const meter of METERS) {
    expect([meter.from, meter.description, meter.caption]).not.toContain('');
    if (meter.source !== null) expect(said(meter.caption, {})).toBe('..');
  }
});

test('every meter says n/a with the words of a server that refused its question', () => {
  const failure = 'permission denied for function pg_stat_get_wal_senders';
  for (const meter of METERS) {
    if (meter.source === null) continue;
    const refused = {[meter.source]: {now: null, before: null, failure}};
    expect(said(meter.caption, refused)).toBe(`n/a: ${failure}`);
  }
});

describe('counters', () => {
  test.each([
    ['xacts', {xact_commit: 11_000, xact_rollback: 1_000}, '1.2k/s'],
    ['rollbacks', {xact_rollback: 5}, '0.5/s'],
    ['rows in', {tup_inserted: 10, tup_updated: 10, tup_deleted: 10}, '3.0/s'],
    ['temp', {temp_bytes: 10 * 2 ** 20}, '1.0M/s'],
    ['hit', {blks_fetched: 1_000, blks_hit: 999}, '99.9%'],
    ['hit', {blks_fetched: 100_000, blks_hit: 99_999}, '99.9%'],
    ['hit', {blks_fetched: 1_000, blks_hit: 1_000}, '100%'],
    ['hit', {}, '-'],
    ['deadlocks', {deadlocks: 2}, '2!'],
  ] as const)('%s of %j say %s', (caption, figures, text) => {
    expect(said(caption, databases(figures))).toBe(text);
  });

  test('of deadlocks are marked only while they happen', () => {
    expect(said('deadlocks', databases({deadlocks: 2}, {deadlocks: 2}))).toBe('2');
  });
});

describe('the oldest transaction', () => {
  test('tells its age and its session', () => {
    const backends = [running(11, 20), running(12, 700)];
    expect(said('oldest xact', {}, {backends})).toBe('11m40s 12!');
    expect(said('oldest xact', {}, {backends: []})).toBe('-');
  });

  test('cannot be known where sessions are hidden', () => {
    expect(said('oldest xact', {}, {backends: [running(11, 20), hidden(12)]})).toContain(
      'n/a: this role lacks',
    );
  });
});

describe('what holds up vacuum', () => {
  const holder = (pid: number, backendXmin: string) => running(pid, 1, {backendXmin});
  const next = wal({next_xid: 4 * 2 ** 32 + 1_000});

  test('is the oldest snapshot of a session', () => {
    expect(said('vacuum held', next, {backends: [holder(1, '900'), holder(2, '400')]})).toBe('600 2');
  });

  test('goes by the age where the ids went round', () => {
    const backends = [holder(1, '900'), holder(2, String(2 ** 32 - 1_000))];
    expect(said('vacuum held', next, {backends})).toBe('2.0k 2');
  });

  test('is a slot or a prepared transaction where that is older', () => {
    const backends = [holder(1, '900')];
    const slot = replication({slot_xmin_age: 20_000_000, prepared_xmin_age: null});
    expect(said('vacuum held', {...next, ...slot}, {backends})).toBe('20M slot!');
    const prepared = replication({slot_xmin_age: null, prepared_xmin_age: 500});
    expect(said('vacuum held', {...next, ...prepared}, {backends})).toBe('500 prepared');
  });

  test('takes a snapshot that is newer than the known id for one of no age', () => {
    expect(said('vacuum held', next, {backends: [holder(1, '1010')]})).toBe('0 1');
  });
});

describe('replication', () => {
  test('on a primary tells what the slowest standby has to replay', () => {
    const meters = replication({senders: 2, replay_lag_bytes: 3 * 2 ** 20, replay_lag: 75});
    expect(said('lag', meters)).toBe('3.0M 1m15s!');
    expect(said('lag', replication({}))).toBe('-');
    expect(said('lag', replication({senders: 1, senders_hidden: 1}))).toContain('n/a: this role lacks');
  });

  test("on a standby tells that standby's own", () => {
    const meters = {...wal({wal_lsn: 5_000, replay_lsn: 952, replay_delay: 2}), ...replication({})};
    expect(said('lag', meters, STANDBY)).toBe('4.0K 2.0s');
  });

  test('tells what slots keep, and how many of them nobody uses', () => {
    const meters = replication({slots: 2, slots_inactive: 1, slot_retained_bytes: 20 * 2 ** 30});
    expect(said('slots', meters)).toBe('20G 1 idle!');
    expect(said('slots', replication({}))).toBe('-');
  });

  test('tells prepared transactions with the age of the oldest', () => {
    expect(said('prepared', replication({prepared_xacts: 1, prepared_age: 61}))).toBe('1 1m01s');
    expect(said('prepared', replication({prepared_age: null}))).toBe('-');
  });
});

describe('the archiver', () => {
  const on = settings({archive_mode: 1, wal_segment_size: 2 ** 20});

  test.each([
    [{wal_lsn: 2 ** 20 * 7.5, archived_lsn: 2 ** 20 * 5}, '2'],
    [{wal_lsn: 2 ** 20 * 5.5, archived_lsn: 2 ** 20 * 5}, '0'],
    [{wal_lsn: 2 ** 20 * 40, archived_lsn: 0}, '40!'],
    [{wal_lsn: 2 ** 20 * 7.5, archived_lsn: 2 ** 20 * 5, archive_failures: 1}, '2!'],
    [{archived_lsn: null}, 'n/a: no WAL file was archived since the statistics were reset'],
  ])('with %j says %s', (figures, text) => {
    expect(said('archiver', {...on, ...wal(figures)})).toBe(text);
  });

  test('says nothing where nothing is archived, and n/a on a standby', () => {
    expect(said('archiver', {...settings({}), ...wal({})})).toBe('-');
    expect(said('archiver', {...on, ...wal({})}, STANDBY)).toContain('n/a: a standby');
  });
});

test('connections are left without the reserves and the own one', () => {
  const meters = settings({superuser_reserved_connections: 3, reserved_connections: 2});
  expect(said('free', meters, {backends: [running(1, 1), running(2, 1)]})).toBe('92');
  expect(said('free', meters, {server: server({maxConnections: 6})})).toBe('0!');
});

test('the transaction ids are measured by what starts a vacuum against wraparound', () => {
  const meters = {
    ...settings({autovacuum_freeze_max_age: 200_000_000}),
    catalog: sampled(null, meterSample('catalog', 0, {datfrozenxid_age: 150_000_000})),
  };
  expect(said('xid age', meters)).toBe('75.0%');
});

test('autovacuum workers are counted of how many there may be', () => {
  const backends = [running(1, 1, {backendType: 'autovacuum worker', backendStart: NOW - SECOND})];
  expect(said('autovacuum', settings({autovacuum_max_workers: 3}), {backends})).toBe('1/3');
});

test('checkpoints tell how many came before their time, marked while one does', () => {
  const now = {checkpoints_timed: 10, checkpoints_requested: 3};
  expect(said('checkpoints', wal(now, now))).toBe('13 3 req');
  expect(said('checkpoints', wal(now, {...now, checkpoints_requested: 2}))).toBe('13 3 req!');
});
