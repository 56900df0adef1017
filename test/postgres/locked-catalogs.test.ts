import {expect, test} from 'vitest';
import {CATALOGS} from '../../source/model/catalog.ts';
import {isRelease} from '../helpers/heavy-rounds.ts';
import {describeOnOwnServers} from '../helpers/monitoring.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {nextReadings, watch} from './watched-poller.ts';

const names = [...CATALOGS.values()];
/** What is locked together. */
const CASES = isRelease ? names.map(name => [name]) : [names];
const HELD_MS = isRelease ? 10_000 : 3_000;
const INTERVAL_MS = isRelease ? 1_000 : 500;

describeOnOwnServers('a monitor whose catalogs are locked', cluster => {
  test.for(CASES)(
    'gets every refresh and learns who holds them: %s',
    {timeout: 30_000},
    async (catalogs, context) => {
      const watched = await watch(context, cluster(), 'catalogs', {intervalMs: INTERVAL_MS});
      await nextReadings(watched, 2);
      const holder = await cluster().connect({applicationName: 'holder'});
      await holder.query('BEGIN');
      for (const name of catalogs)
        await holder.query(`LOCK TABLE pg_catalog.${name} IN ACCESS EXCLUSIVE MODE`);
      const from = performance.now();
      const told = catalogs.map(catalog => ({catalog, pid: holder.pid}));
      const lastLocks = () => watched.readings.at(-1)?.reading.lockedCatalogs ?? [];
      try {
        await waitFor('all of them to be told', () => lastLocks().length === catalogs.length, 4_000);
        expect(new Set(lastLocks())).toEqual(new Set(told));
        await waitFor('the time', () => performance.now() - from > HELD_MS, HELD_MS + 1_000);
      } finally {
        await holder.query('COMMIT');
        holder.end();
      }
      const during = watched.readings.filter(({at}) => at > from && at < from + HELD_MS);
      expect(during.length).toBeGreaterThanOrEqual(Math.floor(HELD_MS / INTERVAL_MS) - 1);
      expect(watched.failures).toEqual([]);
      expect(watched.pids).toHaveLength(1);
      await waitFor('the locks to be gone', () => lastLocks().length === 0, 4_000);
    },
  );
});
