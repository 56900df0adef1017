import {expect, test} from 'vitest';
import {isoTimestamp, parseTimestamp} from '../../source/model/timestamp.ts';
import type {Connection} from '../../source/postgres/connection.ts';
import {COLUMN} from '../../source/postgres/queries/activity.ts';
import {describeOnSharedServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';

/** The connection to a server whose clock is ahead by so many seconds, as long as `aheadSeconds` says so. */
function ahead(connection: Connection, aheadSeconds: () => number): Connection {
  const shifted = (row: unknown) => {
    const clock = Array.isArray(row) ? parseTimestamp(row[COLUMN.clock] ?? '') : null;
    return clock === null
      ? row
      : (row as unknown[]).with(COLUMN.clock, isoTimestamp(clock + aheadSeconds() * 1_000_000));
  };
  return {
    ...connection,
    async query<Row>(...[statement, values, options = {}]: Parameters<typeof connection.query<Row>>) {
      const {take} = options;
      if (options.name !== 'pgtop_activity' || take === undefined)
        return connection.query(statement, values, options);
      return connection.query<Row>(statement, values, {
        ...options,
        take: (row, bytes) => take(shifted(row) as Row, bytes),
      });
    },
  };
}

describeOnSharedServers('a server whose clock is set back', cluster => {
  test.each([10, 600, 86_400])(
    'by %i s tells at once what changed since the refresh before',
    async seconds => {
      let now = 0;
      const monitor = await openMonitor(cluster(), {}, connection => ahead(connection, () => now));
      const session = await cluster().connect();
      const backend = async () => (await takeSnapshot(monitor)).byPid.get(session.pid)?.backend;
      const query = session.backgroundQuery('SELECT pg_sleep(600)');
      now = seconds;
      await waitFor('the query', async () => (await backend())?.state === 'active');
      const control = await cluster().connect();
      await control.query('SELECT pg_cancel_backend($1)', [session.pid]);
      await query;
      await waitFor('its end to be told', async () => {
        const [row] = await control.query('SELECT state FROM pg_stat_activity WHERE pid = $1', [session.pid]);
        return row?.state === 'idle';
      });
      now = 0;
      expect((await backend())?.state).toBe('idle');
    },
  );
});
