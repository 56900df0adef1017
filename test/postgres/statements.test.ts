import {beforeAll, describe, expect, test} from 'vitest';
import {type ActivityRow, activityStatement} from '../../source/postgres/queries/activity.ts';
import {backendIoStatement} from '../../source/postgres/queries/backend-io.ts';
import {blockingPidsStatement} from '../../source/postgres/queries/blocking-pids.ts';
import {catalogLocksStatement} from '../../source/postgres/queries/catalog-locks.ts';
import {
  databaseSizeStatement,
  listedDatabasesStatement,
} from '../../source/postgres/queries/database-sizes.ts';
import {
  rightsStatement,
  settingsStatement,
  standbyLagStatement,
} from '../../source/postgres/queries/examination.ts';
import {sessionLocksStatement, waitedForLocksStatement} from '../../source/postgres/queries/locks.ts';
import {
  databaseCountersStatement,
  meterCatalogStatement,
  meterSettingsStatement,
  replicationStatement,
  walStatement,
} from '../../source/postgres/queries/meters.ts';
import {
  databaseNamesStatement,
  relationNamesStatement,
  roleNamesStatement,
} from '../../source/postgres/queries/names.ts';
import {preparedXactsStatement} from '../../source/postgres/queries/prepared-xacts.ts';
import {probeStatement} from '../../source/postgres/queries/probe.ts';
import {processesStatement} from '../../source/postgres/queries/processes.ts';
import {progressStatement} from '../../source/postgres/queries/progress.ts';
import {serverAddressStatement} from '../../source/postgres/queries/server-address.ts';
import {serverIdentityStatement} from '../../source/postgres/queries/server-identity.ts';
import {sessionDetailStatement} from '../../source/postgres/queries/session-detail.ts';
import {sessionKindStatement} from '../../source/postgres/queries/session-kind.ts';
import {
  cancelStatement,
  roleStatements,
  roleTargetStatement,
  targetStatement,
  terminateStatement,
  transactionStatements,
  virtualTransactionsStatement,
} from '../../source/postgres/queries/signal.ts';
import {type Since, sinceVersion} from '../../source/postgres/sql-version.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers, openMonitor, untilWaiting} from '../helpers/monitoring.ts';

const byVersion: Readonly<Record<string, (since: Since) => string>> = {
  activity: activityStatement,
  'waited-for locks': waitedForLocksStatement,
  'locks of a session': sessionLocksStatement,
  rights: rightsStatement,
  'the meters on WAL': walStatement,
  progress: progressStatement,
};

const forAll: Readonly<Record<string, string>> = {
  'blocking pids': blockingPidsStatement,
  'role names': roleNamesStatement,
  'database names': databaseNamesStatement,
  'listed databases': listedDatabasesStatement,
  'database size': databaseSizeStatement,
  'relation names': relationNamesStatement,
  'prepared transactions': preparedXactsStatement,
  probe: probeStatement,
  'locked catalogs': catalogLocksStatement,
  'session detail': sessionDetailStatement,
  'what a backend has read and written': backendIoStatement,
  processes: processesStatement(true),
  'processes without their io': processesStatement(false),
  'settings that matter': settingsStatement,
  'lag of a standby': standbyLagStatement,
  'server address': serverAddressStatement,
  'server identity': serverIdentityStatement(true),
  'server identity without the control file': serverIdentityStatement(false),
  'session kind': sessionKindStatement,
  terminate: terminateStatement,
  cancel: cancelStatement,
  'target of a signal': targetStatement,
  'the list of databases': meterCatalogStatement,
  'the settings of the meters': meterSettingsStatement,
  'the counters of databases': databaseCountersStatement,
  'the meters on replication': replicationStatement,
  'target by role': roleTargetStatement,
  'cancel in a transaction': transactionStatements.cancel,
  'terminate in a transaction': transactionStatements.terminate,
  'cancel by role': roleStatements.cancel,
  'terminate by role': roleStatements.terminate,
  'virtual transactions': virtualTransactionsStatement,
};

describe.each(Object.entries(byVersion))('the statement for %s', (_, statement) => {
  test.each([10, 12, 13, 14, 18])('has its text on PostgreSQL %i', major => {
    expect(statement(sinceVersion(major * 10_000))).toMatchSnapshot();
  });
});

test.each(Object.entries(forAll))('the statement for %s has its text on every major', (_, statement) => {
  expect(statement).toMatchSnapshot();
});

test.each([...Object.entries(forAll), ...Object.entries(byVersion)])(
  'the statement for %s takes every name from pg_catalog, and signals in the select list only',
  (_, statement) => {
    const text = typeof statement === 'string' ? statement : statement(sinceVersion(180_000));
    const code = text.replace(/--.*$/gm, '');
    const calls = code.match(/[\w.]+(?= *\()/g) ?? [];
    const keywords = [
      'extract',
      'coalesce',
      'ANY',
      'AS',
      'IN',
      'NOT',
      'OVER',
      'LATERAL',
      'MATERIALIZED',
      'l',
      'p',
      'AND',
      'FROM',
      'WHEN',
      'THEN',
      'FILTER',
      'nullif',
      'greatest',
      'bit',
      'd',
      'r',
      'JOIN',
    ];
    expect(calls.filter(name => !name.startsWith('pg_catalog.') && !keywords.includes(name))).toEqual([]);
    expect(code.match(/WHERE[\s\S]*/)?.[0] ?? '').not.toMatch(/pg_(terminate|cancel)_backend/);
    expect(text).toMatch(/^\n-- /);
  },
);

describeOnSharedServers('every statement', (cluster, major) => {
  const since = sinceVersion(major * 10_000);
  let holder: TestSession;
  let waiter: TestSession;
  let ask: (statement: string, values?: readonly unknown[]) => Promise<readonly (readonly unknown[])[]>;
  let oids: Readonly<Record<'role' | 'database' | 'relation' | 'catalog', string>>;

  beforeAll(async () => {
    const database = await cluster().createDatabase();
    holder = await cluster().connect({database});
    waiter = await cluster().connect({database});
    await holder.query('CREATE TABLE orders (id int)');
    await holder.query('BEGIN; LOCK TABLE orders');
    void waiter.backgroundQuery('SELECT * FROM orders');
    const control = await cluster().connect({database});
    await untilWaiting(control, waiter.pid);
    [oids] = (await control.query(
      `SELECT (SELECT oid FROM pg_roles WHERE rolname = current_user)::text AS role,
              (SELECT oid FROM pg_database WHERE datname = current_database())::text AS database,
              (SELECT oid FROM pg_class WHERE relname = 'orders')::text AS relation,
              'pg_catalog.pg_class'::regclass::oid::text AS catalog`,
    )) as unknown as [typeof oids];
    const {connection} = await openMonitor(cluster(), {database});
    ask = (statement, values) => connection.query<readonly unknown[]>(statement, values);
  });

  test('about the activity answers a row of 24 columns for each backend, the clock and the role on the own row only', async () => {
    const rows = (await ask(activityStatement(since), [1_024, null])) as readonly ActivityRow[];
    expect(new Set(rows.map(row => row.length))).toEqual(new Set([24]));
    const [own, ...more] = rows.filter(row => row[0] !== null || row[23] !== null);
    expect([own?.[0], own?.[23], more]).toEqual([expect.stringMatching(/^\d{4}-/), 'f', []]);
    expect(rows.map(row => Number(row[1]))).toEqual(expect.arrayContaining([holder.pid, waiter.pid]));
  });

  test('about the activity tells of who is idle since the given moment the pid alone, and no texts from before it', async () => {
    const idle = await cluster().connect();
    await idle.query('SELECT 1');
    const rows = (await ask(activityStatement(since), [10, '2999-01-01'])) as readonly ActivityRow[];
    const rowOf = (pid: number) => rows.find(row => Number(row[1]) === pid);
    expect(rowOf(idle.pid)?.filter(cell => cell !== null)).toEqual([String(idle.pid)]);
    expect([rowOf(waiter.pid)?.[14], rowOf(waiter.pid)?.[22]]).toEqual(['active', null]);
    expect(rows.filter(row => row[0] !== null)).toHaveLength(1);
    const all = (await ask(activityStatement(since), [10, null])) as readonly ActivityRow[];
    expect(all.find(row => Number(row[1]) === idle.pid)?.[22]).toBe('SELECT 1');
    expect(all.find(row => Number(row[1]) === waiter.pid)?.[22]).toBe('SELECT * F');
  });

  test('about locks tells the wish, who holds the same object, and waitstart where there is one', async () => {
    const rows = await ask(waitedForLocksStatement(since));
    const orders = rows.filter(row => row[2] === oids.relation);
    expect(orders.map(row => [row[0], Number(row[11]), row[12], row[13]])).toEqual(
      expect.arrayContaining([
        ['relation', holder.pid, 'AccessExclusiveLock', 't'],
        ['relation', waiter.pid, 'AccessShareLock', 'f'],
      ]),
    );
    expect(orders.every(row => row.length === 15)).toBe(true);
    expect(orders.some(row => row[14] !== null)).toBe(major >= 14);
  });

  test('about the locks of a session tells wishes first, and how many there are in all', async () => {
    const rows = await ask(sessionLocksStatement(since), [[waiter.pid], 1]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.slice(11)).toEqual([
      String(waiter.pid),
      'AccessShareLock',
      'f',
      major >= 14 ? expect.any(String) : null,
      expect.stringMatching(/^[2-9]$/),
    ]);
  });

  test('about blockers answers as pg_blocking_pids', async () => {
    expect(await ask(blockingPidsStatement, [[waiter.pid, holder.pid]])).toEqual([
      [String(waiter.pid), `{${holder.pid}}`],
      [String(holder.pid), '{}'],
    ]);
  });

  test('about names names what there is, with the schema unless it is public', async () => {
    expect(await ask(roleNamesStatement, [[oids.role, '4000000000']])).toEqual([
      [oids.role, cluster().user, 't', 't'],
    ]);
    expect(await ask(databaseNamesStatement, [[oids.database]])).toEqual([
      [oids.database, expect.stringContaining('test_'), 'UTF8'],
    ]);
    expect(await ask(relationNamesStatement, [[oids.relation, oids.catalog]])).toEqual(
      expect.arrayContaining([
        [oids.relation, 'orders'],
        [oids.catalog, 'pg_catalog.pg_class'],
      ]),
    );
  });

  test('about prepared transactions tells transaction, gid, time, owner and database', async () => {
    const session = await cluster().connect();
    const gid = `statements ${process.pid}`;
    await session.query(`BEGIN; SELECT txid_current(); PREPARE TRANSACTION '${gid}'`);
    try {
      const rows = await ask(preparedXactsStatement);
      expect(rows.find(row => row[1] === gid)).toEqual([
        expect.stringMatching(/^\d+$/),
        gid,
        expect.stringMatching(/^2.*\+00$/),
        oids.role,
        expect.stringMatching(/^\d+$/),
      ]);
    } finally {
      await session.query(`ROLLBACK PREPARED '${gid}'`);
    }
  });

  test('about the server tells what it is and what the role may see', async () => {
    expect(await ask(probeStatement)).toEqual([
      [
        expect.stringMatching(/^\d+$/),
        expect.stringMatching(`^${major}\\.`),
        expect.stringMatching(`^${major}\\d{4}$`),
        'f',
        '100',
        cluster().user,
        expect.stringContaining('test_'),
        oids.database,
        'on',
        't',
        expect.stringMatching(/^\d{4}-/),
      ],
    ]);
  });

  test('about one session finds it by pid and backend_start, and by neither alone', async () => {
    const [row] = (await ask(activityStatement(since), [1_024, null])).filter(
      candidate => Number(candidate[1]) === waiter.pid,
    );
    const start = Date.parse(`${String(row?.[8]).replace(' ', 'T')}:00`) * 1_000;
    const micros =
      start - (start % 1_000_000) + Number((/\.(\d+)/.exec(String(row?.[8]))?.[1] ?? '').padEnd(6, '0'));
    expect(await ask(sessionDetailStatement, [waiter.pid, micros, 100])).toEqual([
      [oids.database, 'SELECT * FROM orders'],
    ]);
    expect(await ask(targetStatement, [waiter.pid, micros])).toEqual([
      ['active', expect.stringMatching(/^\d{16}$/)],
    ]);
    expect(await ask(sessionDetailStatement, [waiter.pid, micros + 1, 100])).toEqual([]);
    expect(await ask(targetStatement, [waiter.pid, micros + 1])).toEqual([]);
    expect(await ask(terminateStatement, [waiter.pid, micros + 1])).toEqual([]);
    expect(await ask(cancelStatement, [waiter.pid, micros, 1])).toEqual([]);
  });
});
