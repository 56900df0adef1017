import {expect, test} from 'vitest';
import {leastOfThree} from '../helpers/best-of.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {ask, describeOnServer, login, loginBusy, openPgtop, pidsOf, stateOf} from './pgtop.ts';
import {clockOf, column, tableRows} from './read-screen.ts';

describeOnServer('a monitor', cluster => {
  test('outlives its server: last data and their age, keys that answer, new data when it is back', async () => {
    const session = await cluster().connect({applicationName: 'ann'});
    void session.backgroundQuery('SELECT pg_sleep(600)');
    const terminal = await openPgtop(cluster(), [], {columns: 160});
    await terminal.waitFor(screen => `${column(screen, 'APP')}` === 'ann');

    await cluster().takeDown('immediate');
    const lost = await terminal.waitFor(/^ (Connection lost|Refused): .+ · data are \S+ old/m);
    expect(column(lost, 'APP')).toEqual(['ann']);
    await terminal.waitFor(/ · data are (?!\d+ms |[01]\.\ds )\S+ old/);
    terminal.press('?');
    await terminal.waitFor('· keys');
    terminal.press('q', '2');
    await terminal.waitFor('nobody waits for a lock');
    terminal.press('1', 'k');
    await terminal.waitFor('y terminates it');
    terminal.press('y');
    await terminal.waitFor('nothing was signalled: not connected');

    const afterMs = await leastOfThree(2_000, async () => {
      if (!/ · data are /.test(terminal.screen().text)) {
        await cluster().takeDown('immediate');
        await terminal.waitFor(' · data are ');
      }
      await cluster().bringUp();
      const backAt = performance.now();
      await terminal.waitFor(screen => !screen.text.includes(' · data are '));
      return performance.now() - backAt;
    });
    console.log(`data again ${Math.round(afterMs)} ms after the server`);
    expect(afterMs).toBeLessThan(2_000);
    await terminal.waitFor(screen => tableRows(screen).length === 0);
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });

  test('names who has locked a catalog, and draws on', async () => {
    const terminal = await openPgtop(cluster(), [], {columns: 160});
    await terminal.waitFor('Conn');
    const {query, pid} = await login(cluster(), 'migration');
    await query('BEGIN');
    await query('LOCK TABLE pg_catalog.pg_authid, pg_catalog.pg_database IN ACCESS EXCLUSIVE MODE');
    const who = `pg_authid, pg_database locked by ${pid} (pgtop, migration, idle in transaction)`;
    const screen = await terminal.waitFor(who);
    await terminal.waitFor(
      later =>
        later.text.includes(who) && !later.text.includes('data are') && clockOf(later) !== clockOf(screen),
    );
    await query('COMMIT');
    await terminal.waitFor(later => !later.text.includes('locked by'));
  });

  test('gets over a fast restart', async () => {
    const terminal = await openPgtop(cluster(), [], {columns: 160});
    await terminal.waitFor('Conn');
    await cluster().takeDown('fast');
    await terminal.waitFor(' · data are ');
    await cluster().bringUp();
    await terminal.waitFor(screen => !screen.text.includes(' · data are '));
  });

  test('gets over the end of its own session', async () => {
    const terminal = await openPgtop(cluster(), [], {columns: 160, env: {PGAPPNAME: 'watcher'}});
    await terminal.waitFor('Conn');
    const [pid] = await pidsOf(cluster(), 'watcher');
    await ask(cluster(), 'SELECT pg_terminate_backend($1)', [pid]);
    await waitFor('another session', async () => {
      const [now] = await pidsOf(cluster(), 'watcher');
      return now !== undefined && now !== pid;
    });
    await terminal.waitFor(screen => !screen.text.includes(' · data are '));
    const {pid: newcomer} = await loginBusy(cluster(), 'ann');
    await terminal.waitFor(screen => column(screen, 'APP').includes('ann'));
    expect(await stateOf(cluster(), newcomer)).toBe('active');
  });
});
