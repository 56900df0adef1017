import {beforeAll, expect, test} from 'vitest';
import type {Snapshot} from '../../source/model/snapshot.ts';
import type {Connection} from '../../source/postgres/connection.ts';
import type {PreparedSession} from '../../source/postgres/prepare-monitoring.ts';
import type {RowMessage} from '../../source/postgres/row-message.ts';
import type {TestSession} from '../helpers/cluster.ts';
import {describeOnSharedServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** The rows that a refresh brought, by pid, and those of them that were read. */
type Refresh = {
  readonly traveled: ReadonlyMap<number, readonly (string | null)[]>;
  readonly read: ReadonlySet<number>;
};

/** Hands over what each refresh brings. */
function noting(connection: Connection, note: (refresh: Refresh) => void): Connection {
  return {
    ...connection,
    async query<Row>(...[statement, values, options = {}]: Parameters<typeof connection.query<Row>>) {
      const {take, takeUnread, ...others} = options;
      if (others.name !== 'pgtop_activity' || take === undefined || takeUnread === undefined)
        return connection.query(statement, values, options);
      const traveled = new Map<number, readonly (string | null)[]>();
      const read = new Set<number>();
      const rows = await connection.query<Row>(statement, values, {
        ...others,
        takeUnread(bytes) {
          const {fields} = bytes as RowMessage;
          traveled.set(Number(fields[1]), fields);
          return takeUnread(bytes);
        },
        take(row, bytes) {
          read.add(Number((bytes as RowMessage).fields[1]));
          take(row, bytes);
        },
      });
      note({traveled, read});
      return rows;
    },
  };
}

describeOnSharedServers('what is known of a session', cluster => {
  const role = `known_${process.pid}`;
  let monitor: PreparedSession;
  let control: TestSession;
  let quiet: TestSession;
  let busy: TestSession;
  let atFirst: Snapshot;
  let latest: Refresh = {traveled: new Map(), read: new Set()};

  const lengthOf = ({pid}: TestSession) =>
    latest.traveled.get(pid)?.reduce((length, cell) => length + (cell?.length ?? 0), 0);
  const backendOf = async ({pid}: TestSession) => (await takeSnapshot(monitor)).byPid.get(pid)?.backend;

  // A row travels until its session has not changed for five seconds.
  beforeAll(async () => {
    control = await cluster().connect();
    await control.query(`CREATE ROLE ${role} LOGIN`);
    quiet = await cluster().connect({user: role, applicationName: 'quiet'});
    busy = await cluster().connect({applicationName: 'busy'});
    await quiet.query("SELECT 'a text that stays'");
    void busy.backgroundQuery("SELECT pg_sleep(60), 'a text that stays'");
    monitor = await openMonitor(cluster(), {}, connection =>
      noting(connection, refresh => {
        latest = refresh;
      }),
    );
    // What a client was answered comes before what its server process does next, and names come when it is their turn.
    atFirst = await waitFor('both sessions to stand still', async () => {
      const snapshot = await takeSnapshot(monitor);
      const now = [quiet, busy].map(({pid}) => snapshot.byPid.get(pid)?.backend);
      const isStill = now[0]?.waitEvent === 'ClientRead' && now[1]?.waitEvent === 'PgSleep';
      return isStill && now[0]?.usename === role ? snapshot : null;
    });
    await waitFor('a refresh that brings only what is new', async () => {
      await takeSnapshot(monitor);
      return lengthOf(quiet) === String(quiet.pid).length && latest.traveled.get(busy.pid)?.[22] === null;
    });
  });

  test('is not even read where it travels and says the same again', async () => {
    await waitFor('rows that are known to the byte', async () => {
      await takeSnapshot(monitor);
      return !latest.read.has(busy.pid);
    });
    expect(latest.traveled.get(busy.pid)?.length).toBe(24);
    expect(latest.read.has(quiet.pid)).toBe(false);
    expect(await backendOf(busy)).toEqual(atFirst.byPid.get(busy.pid)?.backend);
  });

  test('does not travel again, and is shown as it was', async () => {
    const snapshot = await takeSnapshot(monitor);
    for (const {pid} of [quiet, busy]) {
      expect(snapshot.byPid.get(pid)?.backend).toEqual(atFirst.byPid.get(pid)?.backend);
    }
    expect(latest.traveled.get(busy.pid)?.[22]).toBeNull();
    expect(lengthOf(quiet)).toBe(String(quiet.pid).length);
    const {collectedAt} = snapshot.reading;
    expect(collectedAt).toBeGreaterThan(atFirst.reading.collectedAt);
    const {backend, sessionAgeMs} = snapshot.byPid.get(quiet.pid) ?? {};
    expect(sessionAgeMs).toBe((collectedAt - Number(backend?.backendStart)) / 1_000);
  });

  test('does not hide a session that comes or goes', async () => {
    const newcomer = await cluster().connect();
    await newcomer.query("SELECT 'new here'");
    expect((await backendOf(newcomer))?.query).toBe("SELECT 'new here'");
    newcomer.end();
    await control.query('SELECT pg_terminate_backend($1)', [newcomer.pid]);
    await waitFor('the session to go', async () => (await backendOf(newcomer)) === undefined);
  });

  test('stays as it is while the name of somebody else is looked up', async () => {
    // A newcomer has a name that is to be looked up, after which every session is made anew.
    await control.query(`CREATE ROLE ${role}_b LOGIN`);
    const newcomer = await cluster().connect({user: `${role}_b`});
    await waitFor('the name', async () => (await backendOf(newcomer))?.usename === `${role}_b`);
    expect(await backendOf(quiet)).toEqual(atFirst.byPid.get(quiet.pid)?.backend);
  });

  test('is fetched once more at the very next refresh after it changed', async () => {
    await quiet.query("SET application_name = 'loud'");
    expect(await backendOf(quiet)).toMatchObject({
      query: "SET application_name = 'loud'",
      applicationName: 'loud',
      state: 'idle',
    });
    await quiet.query('BEGIN; SELECT txid_current()');
    expect(await backendOf(quiet)).toMatchObject({
      query: 'BEGIN; SELECT txid_current()',
      state: 'idle in transaction',
      backendXid: expect.any(String),
    });
    await control.query('SELECT pg_cancel_backend($1)', [busy.pid]);
    await waitFor('the busy session to become idle', async () => (await backendOf(busy))?.state === 'idle');
    expect((await backendOf(busy))?.query).toBe("SELECT pg_sleep(60), 'a text that stays'");
    await busy.query("SELECT 'another text'");
    expect((await backendOf(busy))?.query).toBe("SELECT 'another text'");
  });
});
