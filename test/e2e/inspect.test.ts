import {beforeAll, expect, test} from 'vitest';
import type {Screen} from '../helpers/terminal-screen.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {ask, describeOnServer, end, login, loginBusy, openPgtop, stateOf, untilBlocked} from './pgtop.ts';
import {cursorLine, messageLine} from './read-screen.ts';

const QUERY = 'UPDATE stock\n   SET n = n - 1  -- one less\n WHERE id = 1';

describeOnServer('a session', cluster => {
  beforeAll(async () => {
    await ask(cluster(), 'CREATE TABLE stock (id integer PRIMARY KEY, n integer)');
    await ask(cluster(), 'INSERT INTO stock VALUES (1, 10), (2, 10)');
  });

  test('is inspected with Enter: whole query, locks, blockers, waiters; it goes on and tells its end', async () => {
    const holder = await login(cluster(), 'holder');
    await holder.query('BEGIN');
    await holder.query('UPDATE stock SET n = 0 WHERE id = 1');
    const victim = await login(cluster(), 'victim');
    await victim.query('BEGIN');
    await victim.query('UPDATE stock SET n = 0 WHERE id = 2');
    void victim.backgroundQuery(QUERY);
    const waiter = await login(cluster(), 'waiter');
    void waiter.backgroundQuery('UPDATE stock SET n = n - 1 WHERE id = 2');
    await untilBlocked(cluster(), victim.pid);
    await untilBlocked(cluster(), waiter.pid);

    const terminal = await openPgtop(cluster(), ['--filter', 'app=victim'], {columns: 110, rows: 50});
    await terminal.waitFor(screen => cursorLine(screen).includes(' victim '));
    terminal.press('enter');
    const page = await terminal.waitFor(/│ relation +│ RowExclusive(Lock)? +│ yes +│ stock +│/);
    expect(page.lines[0]).toBe(` Session ${victim.pid}`);
    expect(page.text).toContain(
      QUERY.split('\n')
        .map(line => ` ${line}`)
        .join('\n'),
    );
    expect(page.text).toMatch(/^ waits for {5}Lock:transactionid$/m);
    expect(page.text).toMatch(/^ lock wait {5}Share(Lock)? on transaction \d+, .+$/m);
    expect(page.text).toMatch(
      new RegExp(`^ blocked by {4}${holder.pid} pgtop@postgres \\(idle in transaction\\)$`, 'm'),
    );
    expect(page.text).toMatch(new RegExp(`^ blocks {8}${waiter.pid} pgtop@postgres \\(active\\)$`, 'm'));
    expect(page.text).toMatch(/│ transactionid +│ Share(Lock)? +│ waits +│ transaction \d+ +│/);

    await holder.query('ROLLBACK');
    const freed = await terminal.waitFor(/^ state {9}idle in transaction$/m);
    expect(freed.text).not.toContain('blocked by');
    await end(cluster(), victim.pid);
    await terminal.waitFor(`Session ${victim.pid} · has ended; this is what was last seen of it`);
    terminal.press('k');
    await terminal.waitFor(`${victim.pid} has ended already.`);
    terminal.press('escape');
    await terminal.waitFor('passes the filter');
  });

  test('can be cancelled from its page, to which the dialog returns', async () => {
    const victim = await loginBusy(cluster(), 'victim');
    const terminal = await openPgtop(cluster(), ['--filter', 'app=victim'], {columns: 110});
    await terminal.waitFor(screen => cursorLine(screen).includes(' victim '));
    terminal.press('enter');
    await terminal.waitFor(` Session ${victim.pid}`);
    terminal.press('c');
    await terminal.waitFor('y cancels it');
    terminal.press('y');
    await terminal.waitFor('query cancelled after');
    const idle = await terminal.waitFor(/^ state {9}idle$/m);
    expect(idle.lines[0]).toBe(` Session ${victim.pid}`);
  });

  test('whose page is longer than the screen is scrolled', async () => {
    const lines = Array.from({length: 60}, (_, index) => `-- line ${index + 1} of the query`);
    const victim = await loginBusy(cluster(), 'victim', `${lines.join('\n')}\nSELECT pg_sleep(600)`);
    const terminal = await openPgtop(cluster(), ['--filter', 'app=victim']);
    await terminal.waitFor(screen => cursorLine(screen).includes(' victim '));
    terminal.press('enter');
    const top = await terminal.waitFor(/lines 1 to 22 of \d+/);
    expect(top.lines[0]).toBe(` Session ${victim.pid}`);
    terminal.press('down', 'down');
    await terminal.waitFor('lines 3 to 24 of');
    terminal.press('pagedown');
    await terminal.waitFor('lines 24 to 45 of');
    const isAtLocks = (screen: Screen) =>
      /virtualxid.*\n.*\n/.test(screen.text) && / to (\d+) of \1$/.test(messageLine(screen));
    const bottom = await waitFor('the end with the locks, which come a moment after the page', () => {
      terminal.press('end');
      return terminal.waitFor(isAtLocks, {deadlineMs: 500}).catch(() => null);
    });
    expect(bottom.text).toContain('-- line 60 of the query');
    terminal.press('g');
    await terminal.waitFor('lines 1 to 22 of');
  });

  const COMMENTED = "SELECT -- a line of its own\n  pg_sleep(600), 'grün'";

  test('has its query and the statement that ends it copied by y and Y', async () => {
    const victim = await loginBusy(cluster(), 'victim', COMMENTED);
    const terminal = await openPgtop(cluster(), ['--filter', 'app=victim'], {columns: 160});
    await terminal.waitFor(screen => cursorLine(screen).includes(' victim '));
    terminal.press('y');
    await terminal.waitFor("The query was sent to the terminal's clipboard.");
    expect(terminal.clipboard).toEqual([COMMENTED]);
    terminal.press('Y');
    await terminal.waitFor('SELECT pg_terminate_backend(pid) FROM pg_stat_activity');
    // The message may be drawn before the copy is sent.
    await waitFor('the copy', () => terminal.clipboard.length > 1);
    const statement = terminal.clipboard[1] ?? '';
    expect(statement).toContain(`pid = ${victim.pid} AND backend_start = '`);
    expect(await ask(cluster(), statement)).toEqual([{pg_terminate_backend: true}]);
    await terminal.waitFor('passes the filter');
    await waitFor('its end', async () => (await stateOf(cluster(), victim.pid)) === undefined);
  });
});
