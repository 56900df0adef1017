import {expect, test} from 'vitest';
import {openPlainSession} from '../../source/postgres/plain-session.ts';
import {describeOnMajors} from '../helpers/cluster.ts';
import {waitFor} from '../helpers/wait-for.ts';

describeOnMajors('a plain session', cluster => {
  const open = () => openPlainSession({...cluster(), applicationName: 'worker 7'});

  test('is known to the server by its pid, its names and its database', async () => {
    const session = await open();
    const rows = await session.query(
      'SELECT pid, application_name, usename::text, datname::text FROM pg_stat_activity WHERE pid = $1',
      [session.pid],
    );
    const {user, database} = cluster();
    expect(rows).toEqual([
      {pid: session.pid, application_name: 'worker 7', usename: user, datname: database},
    ]);
    session.end();
  });

  test('runs several statements of one text, and queries asked at once one after the other', async () => {
    const session = await open();
    expect(await session.query('CREATE TEMP TABLE t (n integer); INSERT INTO t VALUES (1)')).toEqual([]);
    const asked = [session.query('INSERT INTO t VALUES (2)'), session.query('SELECT sum(n) AS sum FROM t')];
    expect(await Promise.all(asked)).toEqual([[], [{sum: '3'}]]);
    session.end();
  });

  test('goes on after a statement that was refused', async () => {
    const session = await open();
    await expect(session.query('SELECT 1 / 0')).rejects.toMatchObject({code: '22012'});
    expect(await session.query('SELECT 1 AS one')).toEqual([{one: 1}]);
    session.end();
  });

  test('tells its running query when it is terminated', async () => {
    const [victim, other] = [await open(), await open()];
    const answer = expect(victim.query('SELECT pg_sleep(600)')).rejects.toMatchObject({code: '57P01'});
    await waitFor(
      'the query',
      async () =>
        (
          await other.query("SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active'", [victim.pid])
        )[0],
    );
    await other.query('SELECT pg_terminate_backend($1)', [victim.pid]);
    await answer;
    await waitFor('the end of the session', () => victim.hasEnded());
    other.end();
  });

  test('knows of its end while it runs nothing, and refuses its next query', async () => {
    const [victim, other] = [await open(), await open()];
    await other.query('SELECT pg_terminate_backend($1)', [victim.pid]);
    await waitFor('the end of the session', () => victim.hasEnded());
    await expect(victim.query('SELECT 1')).rejects.toThrow();
    other.end();
  });

  test('can be given up in the middle of a query, and the server lets it go once nothing holds it', async () => {
    const [victim, other] = [await open(), await open()];
    const answer = expect(victim.query('SELECT 1 FROM pg_sleep(0.2)')).rejects.toThrow();
    victim.end();
    await answer;
    const isGone = async () =>
      (await other.query('SELECT FROM pg_stat_activity WHERE pid = $1', [victim.pid])).length === 0;
    await waitFor('the backend to be gone', isGone);
    other.end();
  });
});
