import {expect, test} from 'vitest';
import type {DatabaseSize} from '../../source/model/database-size.ts';
import type {ServerIdentity} from '../../source/model/snapshot.ts';
import {openConnection} from '../../source/postgres/connection.ts';
import {measureDatabases} from '../../source/postgres/database-sizes.ts';
import type {Cluster} from '../helpers/cluster.ts';
import {describeOnOwnServers, endpointOf, openMonitor} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** What measuring tells, until `isEnough`. */
async function measured(
  cluster: Cluster,
  user: string,
  {
    isEnough = () => false,
    before = async () => undefined,
    elsewhere = {},
  }: {
    readonly isEnough?: (sizes: readonly DatabaseSize[]) => boolean;
    readonly before?: () => Promise<unknown>;
    readonly elsewhere?: Partial<ServerIdentity>;
  } = {},
): Promise<readonly DatabaseSize[]> {
  const {capabilities} = await openMonitor(cluster);
  const abort = new AbortController();
  const sizes: DatabaseSize[] = [];
  await measureDatabases({
    open: async () => {
      const connection = await openConnection(endpointOf(cluster, {user, applicationName: 'measuring'}));
      await before();
      return connection;
    },
    server: {...capabilities.server.identity, ...elsewhere},
    onMeasured: size => {
      sizes.push(size);
      if (isEnough(sizes)) abort.abort();
    },
    signal: abort.signal,
  });
  return sizes;
}

describeOnOwnServers('the sizes of databases', cluster => {
  const untilGone = async () => {
    const control = await cluster().connect();
    await waitFor('the session to be gone', async () => {
      const rows = await control.query("SELECT FROM pg_stat_activity WHERE application_name = 'measuring'");
      return rows.length === 0;
    });
  };

  test('are those of pg_database_size, and no session is left behind', async () => {
    const control = await cluster().connect();
    const sizes = await measured(cluster(), cluster().user);
    const rows = await control.query<{datname: string; size: string}>(
      'SELECT datname, pg_database_size(oid) AS size FROM pg_database ORDER BY datname',
    );
    expect(sizes.map(({datname}) => datname)).toEqual(rows.map(({datname}) => datname));
    for (const [index, size] of sizes.entries()) {
      const bytes = size.type === 'known' ? size.bytes : 0;
      expect(Math.abs(bytes / Number(rows[index]?.size) - 1), size.datname).toBeLessThan(0.05);
    }
    await untilGone();
  });

  test('are n/a in the words of the server where the role may not know them', async () => {
    const control = await cluster().connect();
    await control.query('CREATE DATABASE closed');
    await control.query('REVOKE CONNECT ON DATABASE closed FROM public');
    await control.query('CREATE ROLE outsider LOGIN');
    const sizes = await measured(cluster(), 'outsider');
    expect(sizes.find(({datname}) => datname === 'closed')).toMatchObject({
      type: 'not-available',
      reason: expect.stringContaining('permission denied for database'),
    });
    expect(sizes.find(({datname}) => datname === 'postgres')?.type).toBe('known');
  });

  test('are given up when nobody wants them any more', async () => {
    const sizes = await measured(cluster(), cluster().user, {isEnough: ({length}) => length === 1});
    expect(sizes).toHaveLength(1);
    await untilGone();
  });

  test('are not waited for long where somebody locks the catalog', async () => {
    const holder = await cluster().connect();
    const startedAt = performance.now();
    const locked = () => holder.query('BEGIN; LOCK TABLE pg_database IN ACCESS EXCLUSIVE MODE');
    try {
      await expect(measured(cluster(), cluster().user, {before: locked})).rejects.toThrow('lock timeout');
      expect(performance.now() - startedAt).toBeLessThan(15_000);
    } finally {
      await holder.query('ROLLBACK');
    }
  });

  test('are taken from the same server at another of its addresses', async () => {
    const sizes = await measured(cluster(), cluster().user, {elsewhere: {address: '10.0.0.7:5432'}});
    expect(sizes).not.toEqual([]);
  });

  test.each<Partial<ServerIdentity>>([{startedAt: 1}, {systemIdentifier: '1'}])(
    'of another server than the one on screen are not taken: %j',
    async elsewhere => {
      const measuring = measured(cluster(), cluster().user, {elsewhere});
      await expect(measuring).rejects.toThrow('another server');
      await untilGone();
    },
  );
});
