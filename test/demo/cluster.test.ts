import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type Cluster, describeOnMajors, sharedCluster} from '../helpers/cluster.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';

describeOnMajors('a server for tests', cluster => {
  test('leaves a query hanging, and tells later how it ended', async () => {
    const [holder, waiter] = [
      await cluster().connect(),
      await cluster().connect({applicationName: 'waiter'}),
    ];
    await holder.query('CREATE TABLE held (n integer)');
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE held');
    const outcome = waiter.backgroundQuery('SELECT count(*) FROM held');
    await waitFor(
      'the waiter',
      async () =>
        (
          await holder.query(
            "SELECT FROM pg_stat_activity WHERE application_name = 'waiter' AND wait_event_type = 'Lock'",
          )
        )[0],
    );
    await holder.query('COMMIT');
    expect(await outcome).toEqual({type: 'done', rows: [{count: '0'}]});
    expect(await waiter.backgroundQuery('SELECT 1 / 0')).toMatchObject({
      type: 'failed',
      error: {code: '22012'},
    });
  });

  test('makes databases that are empty and unlike any other', async () => {
    const names = [await cluster().createDatabase(), await cluster().createDatabase()];
    expect(new Set(names).size).toBe(2);
    const session = await cluster().connect({database: names[1] ?? ''});
    expect(await session.query('SELECT current_database()::text AS name')).toEqual([{name: names[1]}]);
  });
});

describe('sharedCluster', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await sharedCluster(Math.max(...majors.filter(major => programsOfMajor(major) !== null)));
  });

  afterAll(() => cluster.stop());

  test('is a server like any other', async () => {
    const session = await cluster.connect();
    expect(await session.query('SHOW listen_addresses')).toEqual([{listen_addresses: ''}]);
  });
});

describe('waitFor', () => {
  test('returns what the condition gave at last', async () => {
    const answers = [undefined, null, false, 'here'] as const;
    let turn = 0;
    expect(await waitFor('it', () => answers[turn++])).toBe('here');
  });

  test('names what it waited for in vain', async () => {
    await expect(waitFor('Godot', () => false, 30)).rejects.toThrow('waited 30 ms in vain for Godot');
  });
});
