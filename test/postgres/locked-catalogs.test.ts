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
const LEAST_REFRESHES = Math.floor(HELD_MS / INTERVAL_MS) - 1;

/** The middle one of some times: a machine that does other things may take its time once. */
const middle = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

describeOnOwnServers('a monitor whose catalogs are locked', cluster => {
  test.for(CASES)(
    'gets every refresh and learns who holds them: %s',
    {timeout: 120_000},
    async (catalogs, context) => {
      const watched = await watch(context, cluster(), 'catalogs', {intervalMs: INTERVAL_MS});
      await nextReadings(watched, 2);
      const holder = await cluster().connect({applicationName: 'holder'});
      await holder.query('BEGIN');
      for (const name of catalogs)
        await holder.query(`LOCK TABLE pg_catalog.${name} IN ACCESS EXCLUSIVE MODE`);
      const from = performance.now();
      const during = () => watched.readings.filter(({at}) => at > from);
      const told = catalogs.map(catalog => ({catalog, pid: holder.pid}));
      const lastLocks = () => watched.readings.at(-1)?.reading.lockedCatalogs ?? [];
      let gaps: readonly number[] = [];
      try {
        await waitFor('all of them to be told', () => lastLocks().length === catalogs.length);
        expect(new Set(lastLocks())).toEqual(new Set(told));
        await waitFor(
          'the time, and refreshes in it',
          () => performance.now() - from > HELD_MS && during().length >= LEAST_REFRESHES,
          HELD_MS + 30_000,
        );
        gaps = during().map(({at}, index, all) => at - (all[index - 1]?.at ?? from));
      } finally {
        await holder.query('COMMIT');
        holder.end();
      }
      expect(middle(gaps)).toBeLessThan(2 * INTERVAL_MS);
      expect(watched.failures).toEqual([]);
      expect(watched.pids).toHaveLength(1);
      await waitFor('the locks to be gone', () => lastLocks().length === 0);
    },
  );
});
