import {beforeAll, expect, onTestFinished, test} from 'vitest';
import {type Connection, openConnection} from '../../source/postgres/connection.ts';
import {PoolerInBetween} from '../../source/postgres/pooler.ts';
import {prepareMonitoring} from '../../source/postgres/prepare-monitoring.ts';
import {blockingPidsStatement} from '../../source/postgres/queries/blocking-pids.ts';
import {readSessionDetail} from '../../source/postgres/session-detail.ts';
import {prepareSession} from '../../source/postgres/session-recipe.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {
  blockersByPid,
  describeOnSharedServers,
  edgesOf,
  endpointOf,
  openMonitor,
  takeSnapshot,
  untilWaiting,
} from '../helpers/monitoring.ts';

async function show(connection: Connection, setting: string): Promise<string | undefined> {
  const [row] = await connection.query<readonly [string]>('SELECT current_setting($1)', [setting]);
  return row?.[0];
}

describeOnSharedServers('the monitoring session', (cluster, major) => {
  let database: string;
  let control: TestSession;

  beforeAll(async () => {
    database = await cluster().createDatabase();
    control = await cluster().connect({database});
  });

  test('can write nothing, waits for nothing long, and finds names in pg_catalog only', async () => {
    const {connection} = await prepareMonitoring(() => openConnection(endpointOf(cluster())));
    onTestFinished(() => connection.close());
    const expected: Readonly<Record<string, string>> = {
      search_path: 'pg_catalog',
      transaction_read_only: 'on',
      client_encoding: 'SQL_ASCII',
      TimeZone: 'UTC',
      DateStyle: 'ISO, MDY',
      bytea_output: 'hex',
      statement_timeout: '2s',
      lock_timeout: '300ms',
      idle_in_transaction_session_timeout: '5s',
      max_parallel_workers_per_gather: '0',
      ...(major >= 11 ? {jit: 'off'} : {}),
      ...(major >= 14 ? {idle_session_timeout: '0', client_connection_check_interval: '1s'} : {}),
      ...(major >= 17 ? {transaction_timeout: '0'} : {}),
    };
    const found = [];
    for (const name of Object.keys(expected)) found.push([name, await show(connection, name)]);
    expect(Object.fromEntries(found)).toEqual(expected);
    await expect(connection.query('CREATE TABLE public.anything ()')).rejects.toMatchObject({code: '25006'});
    await control.query('CREATE TABLE closed ()');
    const inside = await openMonitor(cluster(), {database});
    await control.query('BEGIN; LOCK closed');
    const look = inside.connection.query('SELECT FROM public.closed');
    await expect(look).rejects.toMatchObject({code: '55P03'});
    await control.query('ROLLBACK');
  });

  test('is set up whatever the role, the database and PGOPTIONS ask for', async () => {
    await control.query(`ALTER DATABASE ${database} SET search_path = public, pg_catalog`);
    await control.query(`ALTER DATABASE ${database} SET timezone = 'Asia/Tokyo'`);
    await control.query(`ALTER DATABASE ${database} SET extra_float_digits = 0`);
    const monitor = await openMonitor(cluster(), {
      database,
      options: '-c datestyle=German -c intervalstyle=sql_standard -c bytea_output=escape',
    });
    const snapshot = await takeSnapshot(monitor);
    expect(snapshot.byPid.get(control.pid)?.sessionAgeMs).toBeGreaterThan(0);
    const [row] = await control.query('SELECT clock_timestamp() AS clock');
    const clock = row?.clock instanceof Date ? row.clock.getTime() : 0;
    expect(Math.abs(snapshot.reading.collectedAt / 1_000 - clock)).toBeLessThan(60_000);
  });

  test('is idle between two refreshes, never in a transaction', async () => {
    const monitor = await openMonitor(cluster());
    for (let refresh = 0; refresh < 3; refresh++) {
      await monitor.collector.collect();
      const [row] = await control.query(
        'SELECT state, xact_start, backend_xid, backend_xmin FROM pg_stat_activity WHERE pid = $1',
        [monitor.connection.processId],
      );
      expect(row).toEqual({state: 'idle', xact_start: null, backend_xid: null, backend_xmin: null});
      const locks = await control.query('SELECT FROM pg_locks WHERE pid = $1', [
        monitor.connection.processId,
      ]);
      expect(locks).toEqual([]);
    }
  });

  test('calls no function that somebody else made under the name of one of PostgreSQL', async () => {
    const attacked = await cluster().createDatabase();
    const attacker = await cluster().connect({database: attacked});
    const traps = [
      'pg_blocking_pids(bigint)',
      'pg_blocking_pids(int)',
      'pg_stat_get_activity(int)',
      'pg_stat_get_activity(text)',
      'pg_lock_status()',
      'pg_backend_pid()',
      'clock_timestamp()',
      'current_setting(text)',
      'encode(bytea, text)',
      'substr(bytea, int, int)',
      'textsend(text)',
      'round(numeric)',
      'round(double precision)',
      'pg_has_role(text, text)',
      'pg_is_in_recovery()',
      'pg_encoding_to_char(int)',
    ];
    for (const signature of traps) {
      await attacker.query(
        `CREATE FUNCTION public.${signature} RETURNS text LANGUAGE plpgsql AS $$BEGIN RAISE 'trapped'; END$$`,
      );
    }
    await attacker.query(
      `CREATE FUNCTION public.trap(anyelement, anyelement) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE 'trapped'; END$$;
       CREATE OPERATOR public.= (PROCEDURE = public.trap, LEFTARG = anyelement, RIGHTARG = anyelement);
       CREATE OPERATOR public.>= (PROCEDURE = public.trap, LEFTARG = anyelement, RIGHTARG = anyelement)`,
    );
    await attacker.query(`ALTER DATABASE ${attacked} SET search_path = public, pg_catalog`);
    const tempted = await cluster().connect({database: attacked});
    await expect(tempted.query('SELECT pg_blocking_pids(1)')).rejects.toThrow('trapped');

    await attacker.query('CREATE TABLE jobs ()');
    const [holder, jumper, waiter] = [
      await cluster().connect({database: attacked}),
      await cluster().connect({database: attacked}),
      await cluster().connect({database: attacked}),
    ];
    // Who holds the lock and waits for it too makes the reading ask pg_blocking_pids.
    await holder.query('BEGIN; LOCK jobs IN ROW EXCLUSIVE MODE');
    await jumper.query('BEGIN; LOCK jobs IN ACCESS SHARE MODE');
    await waiter.query('BEGIN');
    void waiter.backgroundQuery('LOCK jobs');
    await untilWaiting(control, waiter.pid);
    void jumper.backgroundQuery('LOCK jobs IN SHARE MODE');
    await untilWaiting(control, jumper.pid);

    const asked = new Set<string>();
    const monitor = await openMonitor(cluster(), {database: attacked}, connection => ({
      ...connection,
      query: (statement, ...rest) => {
        asked.add(statement);
        return connection.query(statement, ...rest);
      },
    }));
    await monitor.collector.collect();
    const snapshot = await takeSnapshot(monitor);
    const pids = [holder, jumper, waiter].map(({pid}) => pid);
    expect(snapshot.reading.failures).toEqual([]);
    expect([...asked]).toContain(blockingPidsStatement);
    expect(edgesOf(snapshot, pids)).toEqual(Object.fromEntries(await blockersByPid(control, pids)));
    const backend = snapshot.byPid.get(waiter.pid)?.backend;
    expect(backend && (await readSessionDetail(monitor, backend, []))?.query).toBe('LOCK jobs');
  });

  test('refuses a connection pooler before anything is set', async () => {
    const connection = await openConnection(endpointOf(cluster()));
    const pooled = {...connection, processId: connection.processId + 1};
    await expect(prepareSession(pooled)).rejects.toThrow(PoolerInBetween);
    expect(await show(connection, 'search_path')).toBe('"$user", public');
    await connection.close();
  });
});
