import {expect, test} from 'vitest';
import {snapshotOf} from '../../source/model/snapshot.ts';
import {probe} from '../../source/postgres/capabilities.ts';
import {createCollector} from '../../source/postgres/collector.ts';
import {openConnection} from '../../source/postgres/connection.ts';
import {createNameCache} from '../../source/postgres/name-cache.ts';
import {prepareSession} from '../../source/postgres/session-recipe.ts';
import type {Cluster, TestSession} from '../helpers/cluster.ts';
import {describeOnOwnServers, endpointOf, patient} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** Longer than names are left alone after a failure, shorter than until they are asked for anew. */
const RETRY_MS = 6_000;

/** A monitor whose own clock a test moves by hand. */
async function openWithClock(cluster: Cluster) {
  const connection = patient(await openConnection(endpointOf(cluster)));
  await prepareSession(connection);
  const capabilities = await probe(connection);
  let nowMs = 1_000;
  const names = createNameCache(connection);
  const collector = createCollector(connection, capabilities, names, () => nowMs);
  return {
    names,
    async read() {
      const startedAt = performance.now();
      const reading = await collector.collect();
      const {failures, lockedCatalogs} = reading;
      return {...snapshotOf(reading), failures, lockedCatalogs, tookMs: performance.now() - startedAt};
    },
    later(ms: number) {
      nowMs += ms;
    },
    close: () => connection.close(),
  };
}

/** Holds an ACCESS EXCLUSIVE lock while the body runs. */
async function locked(holder: TestSession, catalog: string, body: () => Promise<void>): Promise<void> {
  await holder.query(`BEGIN; LOCK ${catalog}`);
  try {
    await body();
  } finally {
    await holder.query('ROLLBACK');
  }
}

describeOnOwnServers('names', cluster => {
  test.each([
    ['pg_authid', 'role names'],
    ['pg_database', 'database names'],
  ])('are oids while somebody locks %s, and refreshes keep coming', async (catalog, what) => {
    const holder = await cluster().connect();
    const monitor = await openWithClock(cluster());
    const name = `newcomer_${catalog}`;
    await holder.query(`CREATE ROLE ${name} LOGIN`);
    await holder.query(`CREATE DATABASE ${name}`);
    await monitor.read();
    await monitor.read();
    const newcomer = await cluster().connect({user: name, database: name});
    const shown = (snapshot: Awaited<ReturnType<typeof monitor.read>>) => {
      const backend = snapshot.byPid.get(newcomer.pid)?.backend;
      return catalog === 'pg_authid'
        ? [backend?.usename, backend?.usesysid]
        : [backend?.datname, backend?.datid];
    };
    await locked(holder, catalog, async () => {
      // One question a refresh: that about the other catalog may come first.
      await monitor.read();
      const tookMs: number[] = [];
      for (let refresh = 0; refresh < 5; refresh++) {
        const snapshot = await monitor.read();
        const [text, oid] = shown(snapshot);
        expect(text).toBe(String(oid));
        expect(snapshot.byPid.get(holder.pid)?.backend).toMatchObject({
          usename: cluster().user,
          datname: cluster().database,
        });
        expect(snapshot.failures).toEqual([
          `${what} cannot be read: canceling statement due to lock timeout`,
        ]);
        tookMs.push(snapshot.tookMs);
      }
      // A machine that does other things may take its time once.
      expect(tookMs.toSorted((a, b) => a - b)[2]).toBeLessThan(1_000);
      monitor.later(RETRY_MS);
      expect((await monitor.read()).failures).toHaveLength(1);
    });
    monitor.later(RETRY_MS);
    await monitor.read();
    const snapshot = await monitor.read();
    expect(shown(snapshot)[0]).toBe(name);
    expect(snapshot.failures).toEqual([]);
    await monitor.close();
  });

  test('are oids when the catalogs were locked before the very first refresh', async () => {
    const [holder, other] = [await cluster().connect(), await cluster().connect()];
    const monitor = await openWithClock(cluster());
    await locked(holder, 'pg_authid', () =>
      locked(other, 'pg_database', async () => {
        const snapshot = await monitor.read();
        const backend = snapshot.byPid.get(holder.pid)?.backend;
        expect([backend?.usename, backend?.datname]).toEqual([
          String(backend?.usesysid),
          String(backend?.datid),
        ]);
        expect(snapshot.failures).toEqual(
          ['database', 'role'].map(kind =>
            expect.stringMatching(
              new RegExp(`^${kind} names cannot be read: canceling statement due to lock timeout$`),
            ),
          ),
        );
        const again = await monitor.read();
        expect(again.failures).toHaveLength(2);
        expect(again.byPid.get(holder.pid)?.backend.query).toBe('BEGIN; LOCK pg_authid');
      }),
    );
    monitor.later(RETRY_MS);
    await monitor.read();
    await monitor.read();
    const snapshot = await monitor.read();
    expect(snapshot.failures).toEqual([]);
    expect(snapshot.byPid.get(holder.pid)?.backend).toMatchObject({
      usename: cluster().user,
      datname: cluster().database,
    });
    await monitor.close();
  });

  test('stop being called unreadable soon after the lock on their catalog is gone', async () => {
    const holder = await cluster().connect();
    const monitor = await openWithClock(cluster());
    await monitor.read();
    // Every name is known: what fails is their renewal.
    monitor.later(61_000);
    await locked(holder, 'pg_authid', async () => {
      await monitor.read();
      expect((await monitor.read()).failures).toEqual([expect.stringMatching(/^role names cannot be read/)]);
    });
    monitor.later(RETRY_MS);
    await monitor.read();
    expect((await monitor.read()).failures).toEqual([]);
    await monitor.close();
  });

  test('follow a rename within about a minute', async () => {
    const control = await cluster().connect();
    await control.query('CREATE ROLE before LOGIN');
    await control.query('CREATE TABLE early ()');
    const session = await cluster().connect({user: 'before'});
    const monitor = await openWithClock(cluster());
    const nameNow = async () => (await monitor.read()).byPid.get(session.pid)?.backend.usename;
    expect(await nameNow()).toBe('before');
    await control.query('ALTER ROLE before RENAME TO after');
    monitor.later(61_000);
    for (let refresh = 0; refresh < 3; refresh++) await monitor.read();
    expect(await nameNow()).toBe('after');
    await monitor.close();
  });

  test.each([5_000, 30_000, 60_000])(
    'of newcomers come soon where refreshes are %i ms apart',
    async intervalMs => {
      const control = await cluster().connect();
      const monitor = await openWithClock(cluster());
      const readLater = async () => {
        monitor.later(intervalMs);
        return await monitor.read();
      };
      await monitor.read();
      for (let refresh = 0; refresh < 4; refresh++) await readLater();
      const name = `seldom_${intervalMs}`;
      await control.query(`CREATE ROLE ${name} LOGIN; CREATE TABLE ${name} ()`);
      const [row] = await control.query<{oid: number}>(`SELECT '${name}'::regclass::oid::int8 AS oid`);
      const session = await cluster().connect({user: name});
      monitor.names.wantRelations([Number(row?.oid)]);
      const snapshot = await readLater();
      expect(snapshot.byPid.get(session.pid)?.backend.usename).toBe(name);
      expect(monitor.names.relationName(Number(row?.oid))).toMatch(name);
      session.end();
      await monitor.close();
    },
  );

  test('come from the other catalogs while one stays locked, however rare refreshes are', async () => {
    const [holder, control] = [await cluster().connect(), await cluster().connect()];
    const monitor = await openWithClock(cluster());
    await monitor.read();
    monitor.later(61_000);
    await control.query('CREATE ROLE undisturbed LOGIN');
    const session = await cluster().connect({user: 'undisturbed'});
    await locked(holder, 'pg_database', async () => {
      for (let refresh = 0; refresh < 3; refresh++) {
        monitor.later(RETRY_MS);
        await monitor.read();
      }
      const {byPid} = await monitor.read();
      expect(byPid.get(session.pid)?.backend.usename).toBe('undisturbed');
    });
    session.end();
    await monitor.close();
  });

  test.each([1_000, 30_000, 60_000])(
    'say that a catalog is locked no longer than it is, with refreshes %i ms apart',
    async intervalMs => {
      const holder = await cluster().connect();
      const monitor = await openWithClock(cluster());
      await monitor.read();
      await locked(holder, 'pg_tablespace', async () => {
        await waitFor('the lock to be told', async () => {
          monitor.later(intervalMs);
          return (await monitor.read()).lockedCatalogs.length > 0;
        });
      });
      monitor.later(intervalMs);
      await monitor.read();
      monitor.later(intervalMs);
      expect((await monitor.read()).lockedCatalogs).toEqual([]);
      await monitor.close();
    },
  );
});
