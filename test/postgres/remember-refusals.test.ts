import {expect, test} from 'vitest';
import {rememberRefusals} from '../../source/postgres/remember-refusals.ts';
import {describeOnSharedServers, openMonitor, takeSnapshot} from '../helpers/monitoring.ts';

describeOnSharedServers('a statement that is refused for lack of rights', cluster => {
  test('is not asked again, and every other one is', async () => {
    const role = `refused_${process.pid}`;
    const control = await cluster().connect();
    await control.query(`CREATE ROLE ${role} LOGIN`);
    const {connection} = await openMonitor(cluster(), {user: role});
    const asked: string[] = [];
    const careful = rememberRefusals({
      ...connection,
      query: <Row>(...words: Parameters<typeof connection.query>) => {
        asked.push(words[0]);
        return connection.query<Row>(...words);
      },
    });
    const forbidden = 'SELECT pg_catalog.pg_ls_waldir()';
    for (let turn = 0; turn < 3; turn++) {
      await expect(careful.query(forbidden)).rejects.toMatchObject({code: '42501'});
      await expect(careful.query('SELECT 1 / 0')).rejects.toMatchObject({code: '22012'});
      expect(await careful.query('SELECT 1')).toEqual([['1']]);
    }
    expect(asked.filter(statement => statement === forbidden)).toHaveLength(1);
    expect(asked).toHaveLength(7);
  });

  test('leaves the rest of a refresh as it is', async () => {
    const database = await cluster().createDatabase();
    const role = `limited_${process.pid}`;
    const owner = await cluster().connect({database});
    await owner.query(`CREATE ROLE ${role} LOGIN`);
    await owner.query('REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC');
    await owner.query('REVOKE SELECT ON pg_catalog.pg_roles FROM PUBLIC');
    const statements: string[] = [];
    const monitor = await openMonitor(cluster(), {user: role, database}, connection => ({
      ...connection,
      query: <Row>(...words: Parameters<typeof connection.query>) => {
        statements.push(words[0]);
        return connection.query<Row>(...words);
      },
    }));
    expect(monitor.capabilities.server.identity.systemIdentifier).toBeNull();
    for (let turn = 0; turn < 3; turn++) {
      const {reading} = await takeSnapshot(monitor);
      expect(reading.backends.length).toBeGreaterThan(1);
      expect(reading.failures).toEqual([
        expect.stringMatching(/^role names cannot be read: permission denied/),
      ]);
    }
    expect(statements.filter(statement => statement.includes('FROM pg_catalog.pg_roles'))).toHaveLength(1);
  });
});
