import {expect, type TestContext, test} from 'vitest';
import {openConnection} from '../../source/postgres/connection.ts';
import {measureEffort} from '../../source/postgres/measure-effort.ts';
import {describeOnSharedServers, endpointOf} from '../helpers/monitoring.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';

const newest = Math.max(...majors.filter(major => programsOfMajor(major) !== null));

describeOnSharedServers(
  'the effort of a session',
  cluster => {
    const open = async ({onTestFinished}: TestContext) => {
      const connection = await openConnection(endpointOf(cluster()));
      onTestFinished(() => connection.close());
      return measureEffort(connection);
    };

    test('is what answers take beyond the quickest one, failed ones too, and every byte', async context => {
      const {measured, effort} = await open(context);
      // A single answer tells the way there and back badly on a machine that does other things.
      for (let turn = 0; turn < 10; turn++) await measured.query('SELECT 1');
      const {workMs: before, bytes} = effort();
      await measured.query("SELECT pg_sleep(0.6), repeat('x', 100000)");
      const {workMs} = effort();
      expect(workMs - before).toBeGreaterThan(300);
      expect(effort().bytes - bytes).toBeGreaterThan(100_000);
      const failing = measured.query("SET statement_timeout = '600ms'; SELECT pg_sleep(9)");
      await expect(failing).rejects.toMatchObject({code: '57014'});
      expect(effort().workMs - workMs).toBeGreaterThan(300);
    });

    test('is not a wait for a lock that was given up', async context => {
      const {measured, effort} = await open(context);
      const holder = await cluster().connect();
      context.onTestFinished(() => holder.end());
      await holder.query('BEGIN; SELECT pg_advisory_xact_lock(33)');
      await measured.query("SET lock_timeout = '100ms'");
      const {workMs} = effort();
      const waiting = measured.query('SELECT pg_advisory_lock(33)');
      await expect(waiting).rejects.toMatchObject({code: '55P03'});
      expect(effort().workMs).toBe(workMs);
    });
  },
  [newest],
);
