import {beforeAll, describe, expect, test} from 'vitest';
import type {MeterReading} from '../../source/model/meter-reading.ts';
import {formatMeter, readMeter} from '../../source/model/meters/meter.ts';
import {METERS} from '../../source/model/meters/meters.ts';
import {difference, ratePerSecond} from '../../source/model/rates.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import type {Connection} from '../../source/postgres/connection.ts';
import {createMeterReader} from '../../source/postgres/meter-reader.ts';
import {sinceVersion} from '../../source/postgres/sql-version.ts';
import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {describeOnOwnServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {startStandby} from '../helpers/standby.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** Everything once. */
async function readAll(connection: Connection, major: number, rounds = 5): Promise<MeterReading> {
  const reader = createMeterReader(connection, sinceVersion(major * 10_000));
  for (let round = 0; round < rounds; round++) await reader.read(round);
  return reader.reading();
}

/** What each meter says, by its caption. */
function sayings(snapshot: Snapshot, meters: MeterReading): Readonly<Record<string, string>> {
  const data = {...snapshot, reading: {...snapshot.reading, meters}};
  return Object.fromEntries(
    METERS.map(meter => {
      const value = readMeter(meter, data);
      return [
        meter.caption,
        value.type === 'not-available' ? `n/a: ${value.reason}` : formatMeter(meter.unit, value),
      ];
    }),
  );
}

async function ordinaryRole(cluster: Cluster): Promise<string> {
  const control = await cluster.connect();
  await control.query('CREATE ROLE ordinary LOGIN');
  control.end();
  return 'ordinary';
}

describeOnOwnServers('the meters', (cluster, major) => {
  let control: TestSession;

  beforeAll(async () => {
    control = await cluster().connect({applicationName: 'control'});
  });

  test('are all read by a superuser, none of them n/a', async () => {
    const monitor = await openMonitor(cluster());
    await waitFor('nobody else to be there', async () => {
      const rows = await control.query("SELECT FROM pg_stat_activity WHERE backend_type = 'client backend'");
      return rows.length === 2;
    });
    await control.query('BEGIN; SELECT txid_current()');
    const meters = await readAll(monitor.connection, major);
    const said = sayings(await takeSnapshot(monitor), meters);
    await control.query('ROLLBACK');
    expect(said).toMatchObject({
      'oldest xact': expect.stringMatching(`^\\d+(\\.\\d)?m?s ${control.pid}$`),
      'vacuum held': expect.stringMatching(`^0 ${control.pid}$`),
      lag: '-',
      slots: '-',
      archiver: '-',
      prepared: '-',
      autovacuum: '0/3',
      deadlocks: '0',
      conflicts: '0',
      free: String(100 - 3 - 2),
      checkpoints: expect.stringMatching(/^\d+ \d+ req$/),
      'xid age': expect.stringMatching(/^0\.\d%$/),
      xacts: '..',
    });
    expect(Object.values(said).join()).not.toContain('n/a');
  });

  describe('are asked for', () => {
    /** What was asked at each of so many refreshes. */
    const asked = async (refreshes: number, intervalMs: number): Promise<readonly (readonly string[])[]> => {
      const {connection} = await openMonitor(cluster());
      let names: string[] = [];
      const watched: Connection = {
        ...connection,
        async query<Row>(...question: Parameters<Connection['query']>) {
          names.push(question[2]?.name ?? '');
          return await connection.query<Row>(...question);
        },
      };
      const reader = createMeterReader(watched, sinceVersion(major * 10_000));
      const each: (readonly string[])[] = [];
      for (let refresh = 0; refresh < refreshes; refresh++) {
        names = [];
        await reader.read(refresh * intervalMs);
        each.push(names);
      }
      return each;
    };
    const timesIn = (each: readonly (readonly string[])[], name: string) =>
      each.flat().filter(other => other === name).length;

    test('all at the first refresh, then one at a time, those that change most the most often', async () => {
      const [first, ...others] = await asked(21, 1_000);
      expect(first?.toSorted()).toEqual([
        'pgtop_catalog',
        'pgtop_databases',
        'pgtop_replication',
        'pgtop_settings',
        'pgtop_wal',
      ]);
      expect(Math.max(...others.map(({length}) => length))).toBe(1);
      expect([timesIn(others, 'pgtop_catalog'), timesIn(others, 'pgtop_settings')]).toEqual([0, 0]);
      expect(timesIn(others, 'pgtop_databases')).toBeGreaterThan(timesIn(others, 'pgtop_wal'));
      expect(timesIn(others, 'pgtop_wal')).toBeGreaterThanOrEqual(3);
      expect(timesIn(others, 'pgtop_replication')).toBeGreaterThanOrEqual(3);
    });

    test.each([2_000, 5_000, 60_000])(
      'each in its turn where refreshes are %i ms apart',
      async intervalMs => {
        const each = await asked(13, intervalMs);
        for (const name of ['pgtop_databases', 'pgtop_wal', 'pgtop_replication'])
          expect(timesIn(each, name)).toBeGreaterThanOrEqual(intervalMs < 5_000 ? 4 : 13);
      },
    );
  });

  test("count what the server's own views count", async () => {
    const {connection} = await openMonitor(cluster());
    // Before PostgreSQL 15 each session sees the counters as they were up to half a second ago.
    const {wal, row} = await waitFor('the meters and the views to count the same', async () => {
      const {databases, wal} = await readAll(connection, major);
      const [row = {}] = await control.query(
        `SELECT sum(xact_commit)::float8 AS xact_commit, sum(tup_returned)::float8 AS tup_returned, sum(blks_hit)::float8 AS blks_hit,
                pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS wal_lsn
           FROM pg_stat_database WHERE datid <> 0`,
      );
      const isNear = (['xact_commit', 'tup_returned', 'blks_hit'] as const).every(figure => {
        const counted = databases.now?.figures[figure] ?? 0;
        return counted > 0 && counted > 0.9 * Number(row[figure]) && counted <= Number(row[figure]);
      });
      return isNear ? {wal, row} : null;
    });
    expect(Number(row.wal_lsn) - (wal.now?.figures.wal_lsn ?? 0)).toBeLessThan(2 ** 20);
  });

  test('have no rate over a reset of the statistics, and one again after it', async () => {
    const {connection} = await openMonitor(cluster());
    const reader = createMeterReader(connection, sinceVersion(major * 10_000));
    let now = 0;
    const readDatabases = async () => {
      const before = reader.reading().databases.now;
      while (reader.reading().databases.now === before) {
        now += 1_000;
        await reader.read(now);
      }
    };
    await readDatabases();
    await readDatabases();
    expect(ratePerSecond(reader.reading().databases, 'xact_commit')).not.toBeNull();
    await control.query('SELECT pg_stat_reset()');
    await waitFor('the reset', async () => {
      await readDatabases();
      return difference(reader.reading().databases, 'xact_commit') === null;
    });
    await readDatabases();
    await readDatabases();
    expect(ratePerSecond(reader.reading().databases, 'xact_commit')).toBeGreaterThanOrEqual(0);
    // Of the number, since sessions report what they did in a second all at once.
    expect(difference(reader.reading().databases, 'xact_commit')).toBeLessThan(10_000);
  });

  test('do not wait for who locks the catalogs; only the list of databases does, for a moment, and not soon again', async () => {
    const {connection} = await openMonitor(cluster());
    const reader = createMeterReader(connection, sinceVersion(major * 10_000));
    for (let round = 0; round < 5; round++) await reader.read(round);
    await control.query('BEGIN; LOCK TABLE pg_database, pg_authid IN ACCESS EXCLUSIVE MODE');
    try {
      for (const nowMs of [10_000, 20_000, 30_000]) await reader.read(nowMs);
      // Who had waited would have been given up after the time for locks, and that would be told.
      expect(Object.values(reader.reading()).map(({failure}) => failure)).toEqual([
        null,
        null,
        null,
        null,
        null,
        null,
      ]);
      const startedAt = performance.now();
      await reader.read(70_000);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      expect(reader.reading().catalog).toMatchObject({
        now: {series: expect.stringMatching(/^\d+(,\d+)+$/)},
        failure: expect.stringMatching(/lock timeout/),
      });
      for (const nowMs of [71_000, 72_000, 73_000, 74_000, 75_000]) await reader.read(nowMs);
      const others = Object.entries(reader.reading()).filter(([source]) => source !== 'catalog');
      expect(others.map(([, {failure}]) => failure)).toEqual([null, null, null, null, null]);
    } finally {
      await control.query('ROLLBACK');
    }
  });

  test('are n/a with the reason where an ordinary role may not know, and right where it may', async () => {
    const user = await ordinaryRole(cluster());
    const monitor = await openMonitor(cluster(), {user});
    const meters = await readAll(monitor.connection, major);
    const said = sayings(await takeSnapshot(monitor), meters);
    expect(said).toMatchObject({
      'oldest xact': 'n/a: this role lacks pg_monitor (pg_read_all_stats)',
      autovacuum: 'n/a: this role lacks pg_monitor (pg_read_all_stats)',
      lag: '-',
      prepared: '-',
      'xid age': expect.stringMatching(/^0\.\d%$/),
    });
    expect(Object.values(meters).map(({failure}) => failure)).toEqual([null, null, null, null, null, null]);
  });

  test('that a server refuses are asked once', async () => {
    const user = `refused_${major}`;
    await control.query(`CREATE ROLE ${user} LOGIN`);
    await control.query('REVOKE EXECUTE ON FUNCTION pg_catalog.pg_stat_get_wal_senders() FROM public');
    const {connection} = await openMonitor(cluster(), {user});
    const reader = createMeterReader(connection, sinceVersion(major * 10_000));
    for (let round = 0; round < 5; round++) await reader.read(round);
    const {failure} = reader.reading().replication;
    expect(failure).toContain('permission denied');
    await control.query('GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_get_wal_senders() TO public');
    for (let hour = 1; hour < 10; hour++) await reader.read(hour * 3_600_000);
    expect(reader.reading().replication.failure).toBe(failure);
  });
});

describeOnOwnServers(
  'on a primary and its standby the meters',
  (cluster, major) => {
    test('tell the lag from both sides, and the standby n/a for what it cannot know', async () => {
      const archiver = await cluster().connect();
      await archiver.query('ALTER SYSTEM SET archive_mode = on');
      const standby = await startStandby(cluster());
      try {
        const control = await cluster().connect();
        await waitFor('the standby to stream', async () => {
          const rows = await control.query("SELECT FROM pg_stat_replication WHERE state = 'streaming'");
          return rows.length === 1;
        });
        await control.query('CREATE TABLE t AS SELECT generate_series(1, 1000)');
        const onPrimary = await openMonitor(cluster());
        const onStandby = await openMonitor(standby);
        await waitFor('the standby to have replayed it', async () => {
          const {wal} = await readAll(onStandby.connection, major);
          return wal.now?.figures.replay_delay === 0;
        });
        // The primary writes something now and then by itself, and who asked whether the standby is up may still be there.
        const said = await waitFor('nothing to be on its way', async () => {
          const now = sayings(await takeSnapshot(onStandby), await readAll(onStandby.connection, major));
          return now.lag === '0B 0ms' && now.free === '96' ? now : null;
        });
        expect(said).toMatchObject({
          lag: '0B 0ms',
          archiver: 'n/a: a standby does not tell what is left to archive',
          slots: '-',
          prepared: '-',
          conflicts: '0',
          free: '96',
          'xid age': expect.stringMatching(/^0\.\d%$/),
        });
        const primary = sayings(await takeSnapshot(onPrimary), await readAll(onPrimary.connection, major));
        expect(primary.lag).toMatch(/^\d+(\.\d)?[BK]/);
        const user = await ordinaryRole(cluster());
        const asOrdinary = await openMonitor(cluster(), {user});
        const ordinary = sayings(await takeSnapshot(asOrdinary), await readAll(asOrdinary.connection, major));
        expect(ordinary.lag).toBe('n/a: this role lacks pg_monitor (pg_read_all_stats)');
        const onStandbyToo = await standby.connect();
        await waitFor('the role to arrive', async () => {
          const rows = await onStandbyToo.query('SELECT FROM pg_roles WHERE rolname = $1', [user]);
          return rows.length > 0;
        });
        const below = await openMonitor(standby, {user});
        expect(sayings(await takeSnapshot(below), await readAll(below.connection, major))).toMatchObject({
          lag: expect.stringMatching(/^\d+(\.\d)?[BK] \d/),
          'oldest xact': 'n/a: this role lacks pg_monitor (pg_read_all_stats)',
          archiver: 'n/a: a standby does not tell what is left to archive',
        });
      } finally {
        await standby.stop();
      }
    });
  },
  {},
);
