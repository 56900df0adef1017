import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {snapshotOf} from '../../source/model/snapshot.ts';
import {isoTimestamp} from '../../source/model/timestamp.ts';
import {openConnection} from '../../source/postgres/connection.ts';
import {prepareMonitoring} from '../../source/postgres/prepare-monitoring.ts';
import {activityRow, OWN_PID, playServer} from '../helpers/played-server.ts';

/** The hours of the server's clock at the refreshes: it goes on, is set back by an hour, and goes on from there. */
const CLOCKS = ['14:13:20', '14:13:21', '13:13:22', '13:13:23', '14:13:24'];

test("ages are the server's, and never negative where its clock is set back", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pgtop-clock-'));
  onTestFinished(() => rmSync(folder, {recursive: true}));
  const at = (time: string) => `2026-09-21 ${time}+00`;
  let clock = '';
  const server = await playServer(folder, statement => {
    if (!statement.includes('pg_stat_get_activity')) return [];
    const since = at('14:13:10');
    const starts = {backendStart: at('14:00:00'), xactStart: since, queryStart: since, stateChange: since};
    const own = activityRow({clock: at(clock), pid: String(OWN_PID)});
    const other = {applicationName: 'ann', state: 'active', backendType: 'client backend', query: 'SELECT 1'};
    return [own, activityRow({pid: '101', datid: '1', usesysid: '10', ...starts, ...other})];
  });
  onTestFinished(() => server.stop());
  const {connection, collector} = await prepareMonitoring(() =>
    openConnection({
      host: folder,
      port: 5432,
      user: 'monitor',
      database: 'postgres',
      password: undefined,
      applicationName: 'pgtop',
      options: undefined,
      connectTimeoutMs: 20_000,
      keepAliveIdleMs: null,
      tls: false,
    }),
  );
  onTestFinished(() => connection.close());
  const told = [];
  for (const time of CLOCKS) {
    clock = time;
    const {reading, byPid} = snapshotOf(
      await collector.collect({meters: true, progress: true, processes: null}),
    );
    expect(isoTimestamp(reading.collectedAt)).toContain(`T${time}.`);
    const ann = byPid.get(101);
    told.push([ann?.queryAgeMs, ann?.xactAgeMs, ann?.stateAgeMs, ann?.sessionAgeMs, ann?.backend.query]);
  }
  expect(told).toEqual([
    [10_000, 10_000, 10_000, 800_000, 'SELECT 1'],
    [11_000, 11_000, 11_000, 801_000, 'SELECT 1'],
    [0, 0, 0, 0, 'SELECT 1'],
    [0, 0, 0, 0, 'SELECT 1'],
    [14_000, 14_000, 14_000, 804_000, 'SELECT 1'],
  ]);
});
