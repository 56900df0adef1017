import {beforeAll, expect, test} from 'vitest';
import type {Cluster} from '../helpers/cluster.ts';
import {ask, describeOnServer, login, loginBusy, openPgtop, untilBlocked} from './pgtop.ts';
import {column, cursorLine, heading, intervalOf, messageLine, tableRows} from './read-screen.ts';

/** One session of every kind: a root blocker, who waits for it, a long query of another role in another database, and an idle one. */
async function openOffice(cluster: Cluster): Promise<void> {
  const ledger = await login(cluster, 'ledger');
  await ledger.query('BEGIN');
  await ledger.query('LOCK TABLE entries');
  const invoice = await login(cluster, 'invoice');
  void invoice.backgroundQuery('SELECT count(*) FROM entries');
  await loginBusy(cluster, 'report', undefined, {user: 'analyst', database: 'sales'});
  const pool = await login(cluster, 'pool');
  await pool.query('SELECT 1');
  await untilBlocked(cluster, invoice.pid);
}

/** The names in the APP column, in order of the alphabet. */
const names = (screen: Parameters<typeof column>[0]) => [...column(screen, 'APP')].sort();

describeOnServer('the table', cluster => {
  beforeAll(async () => {
    await ask(cluster(), 'CREATE TABLE entries (n integer); CREATE ROLE analyst LOGIN');
    await ask(cluster(), 'CREATE DATABASE sales');
  });

  test('has five views behind the keys 1 to 5, and i shows and hides idle sessions', async () => {
    await openOffice(cluster());
    const terminal = await openPgtop(cluster(), [], {columns: 110, rows: 40});
    const active = await terminal.waitFor('active · 1 of 3');
    expect(names(active)).toEqual(['invoice', 'ledger', 'report']);
    terminal.press('i');
    await terminal.waitFor(screen => names(screen).includes('pool'));
    terminal.press('i');
    await terminal.waitFor(screen => !names(screen).includes('pool'));
    terminal.press('2');
    expect(names(await terminal.waitFor('waiting · 1 of 1'))).toEqual(['invoice']);
    terminal.press('3');
    const blocking = await terminal.waitFor('blocking · 1 of 2 · by blk');
    expect(column(blocking, 'APP')).toEqual(['ledger', 'invoice']);
    terminal.press('4');
    expect(names(await terminal.waitFor('idle in transaction · 1 of 1'))).toEqual(['ledger']);
    terminal.press('5');
    const all = await terminal.waitFor(screen => messageLine(screen).startsWith(' all ·'));
    expect(names(all)).toEqual(expect.arrayContaining(['invoice', 'ledger', 'pool', 'report']));
    expect(all.text).toContain('[checkpointer]');
    terminal.press('1');
    await terminal.waitFor('active · 1 of 3');
  });

  test('gives way to the load behind 6 and to groups behind 7, whose Enter filters and whose k is a batch', async () => {
    await openOffice(cluster());
    const terminal = await openPgtop(cluster(), [], {columns: 110, rows: 40});
    await terminal.waitFor('active · 1 of 3');
    terminal.press('6');
    const load = await terminal.waitFor('Lock:relation');
    expect(load.text).toMatch(/Load of the last .* active sessions on average/);
    terminal.press('7');
    await terminal.waitFor('groups by user · 1 of 2');
    terminal.press('7');
    terminal.press('7');
    await terminal.waitFor('groups by application · 1 of 4');
    terminal.press('7');
    terminal.press('7');
    await terminal.waitFor('groups by state · 1 of 3');
    await terminal.waitFor(/\[state\][\s\S]*active +2[\s\S]*idle +1[\s\S]*idle in transaction +1/);
    terminal.press('k');
    await terminal.waitFor('The group of state active.');
    await terminal.waitFor('y terminates them');
    terminal.press('escape');
    await terminal.waitFor('Nothing was signalled.');
    terminal.press('enter');
    expect(names(await terminal.waitFor('filter state=active'))).toEqual(['invoice', 'report']);
    terminal.press('escape');
    await terminal.waitFor('active · 1 of 4');
  });

  test('tells the sizes of the databases when F2 asks for them in their list', async () => {
    const terminal = await openPgtop(cluster(), [], {columns: 110, rows: 40});
    // Before the first data it is not known which server is to be measured.
    await terminal.waitFor('Connections');
    terminal.press('D');
    await terminal.waitFor('F2 measures sizes');
    terminal.press('f2');
    await terminal.waitFor(/sales \(\d+\) · \d+(\.\d)?M$/m);
    await terminal.waitFor('F2 measures growth');
  });

  test('is sorted from the menu F6, by the column beside with < and >, the other way round with I', async () => {
    await openOffice(cluster());
    const terminal = await openPgtop(cluster(), ['--filter', '!app=control'], {columns: 110, rows: 40});
    await terminal.waitFor('active · 1 of 3 · by query age');
    terminal.press('f6');
    const menu = await terminal.waitFor('> TIME');
    expect(menu.text).toContain('Sort by');
    terminal.press('a');
    await terminal.waitFor('> APP');
    terminal.press('enter');
    const byName = await terminal.waitFor('by app');
    expect(heading(byName)).toContain('APP▴');
    expect(column(byName, 'APP')).toEqual(['invoice', 'ledger', 'report']);
    terminal.press('I');
    const reversed = await terminal.waitFor(screen => heading(screen).includes('APP▾'));
    expect(column(reversed, 'APP')).toEqual(['report', 'ledger', 'invoice']);
    terminal.press('<');
    const byDatabase = await terminal.waitFor('by database');
    expect(column(byDatabase, 'DATABASE')).toEqual(['postgres', 'postgres', 'sales']);
    terminal.press('>');
    await terminal.waitFor('by app');
    // Each view keeps its own order.
    terminal.press('2');
    await terminal.waitFor('waiting · 1 of 1 · by query age');
    terminal.press('1');
    await terminal.waitFor('by app');
  });

  test('is filtered while one types, says where a mistake is, and is whole again after Esc', async () => {
    await openOffice(cluster());
    const terminal = await openPgtop(cluster(), [], {columns: 110, rows: 40});
    await terminal.waitFor('active · 1 of 3');
    terminal.press('/');
    await terminal.waitFor(' Filter:');
    terminal.type('app:re');
    const live = await terminal.waitFor(screen => tableRows(screen).length === 1);
    expect(column(live, 'APP')).toEqual(['report']);
    terminal.type(' /(');
    const mistake = await terminal.waitFor('^ This regular expression is not closed by a slash.');
    expect(mistake.find('^ This')?.x).toBe(mistake.find('/(')?.x);
    expect(column(mistake, 'APP')).toEqual(['report']);
    terminal.press('backspace', 'backspace', 'backspace', 'enter');
    const kept = await terminal.waitFor('active · 1 of 1 · by query age · filter app:re');
    expect(column(kept, 'APP')).toEqual(['report']);
    terminal.press('escape');
    expect(names(await terminal.waitFor('active · 1 of 3'))).toHaveLength(3);
    terminal.press('f4');
    await terminal.waitFor(' Filter:');
    terminal.type('blocking');
    expect(names(await terminal.waitFor(screen => tableRows(screen).length === 1))).toEqual(['ledger']);
    terminal.press('escape');
    await terminal.waitFor('active · 1 of 3');
  });

  test('is searched by F3 without hiding a row, and n and N go on and back', async () => {
    await openOffice(cluster());
    const terminal = await openPgtop(cluster(), ['--sort', 'app'], {columns: 110, rows: 40});
    await terminal.waitFor('active · 1 of 3 · by app');
    terminal.press('f3');
    await terminal.waitFor(' Search:');
    terminal.type('repo');
    const found = await terminal.waitFor(screen => cursorLine(screen).includes(' report '));
    expect(tableRows(found)).toHaveLength(3);
    terminal.press('backspace', 'backspace', 'backspace', 'backspace');
    terminal.type('entries');
    await terminal.waitFor(screen => cursorLine(screen).includes(' invoice '));
    terminal.press('enter', 'n');
    await terminal.waitFor(screen => cursorLine(screen).includes(' ledger '));
    terminal.press('n');
    await terminal.waitFor(screen => cursorLine(screen).includes(' invoice '));
    terminal.press('N');
    await terminal.waitFor(screen => cursorLine(screen).includes(' ledger '));
    terminal.press('f3');
    await terminal.waitFor(' Search:');
    terminal.type('unheard-of');
    await terminal.waitFor('"unheard-of" occurs in no row of this view.');
  });

  test('can be narrowed to one user by u and to one database by D', async () => {
    await openOffice(cluster());
    const terminal = await openPgtop(cluster(), [], {columns: 110, rows: 40});
    await terminal.waitFor('active · 1 of 3');
    terminal.press('u');
    await terminal.waitFor('> any user');
    terminal.press('a');
    await terminal.waitFor('> analyst (1)');
    terminal.press('enter');
    const analysts = await terminal.waitFor('active · 1 of 1 · by query age · user analyst');
    expect(column(analysts, 'USER')).toEqual(['analyst']);
    terminal.press('escape');
    await terminal.waitFor('active · 1 of 3');
    terminal.press('D', 'p', 'enter');
    const here = await terminal.waitFor('active · 1 of 2 · by query age · database postgres');
    expect(new Set(column(here, 'DATABASE'))).toEqual(new Set(['postgres']));
    terminal.press('D', 'home', 'enter');
    await terminal.waitFor('active · 1 of 3');
  });

  test('begins as the command line says', async () => {
    await openOffice(cluster());
    const words = ['--view', 'blocking', '--sort', 'app:asc', '--filter', 'db:post'];
    const terminal = await openPgtop(cluster(), words, {columns: 110, interval: '2.5'});
    const screen = await terminal.waitFor('blocking · 1 of 2 · by app · filter db:post');
    expect(column(screen, 'APP')).toEqual(['invoice', 'ledger']);
    expect(intervalOf(screen)).toBe('2.5');
    const groups = await openPgtop(cluster(), ['--view', 'groups'], {columns: 110});
    await groups.waitFor('groups by user · 1 of 2');
  });

  test('is empty, and says why, while a regular expression would take too long; every key goes on working', async () => {
    await loginBusy(cluster(), 'trap', `SELECT pg_sleep(600), '${'y'.repeat(900)}'`);
    const terminal = await openPgtop(cluster(), [], {columns: 110});
    await terminal.waitFor(screen => names(screen).includes('trap'));
    terminal.press('/');
    terminal.type('/(y+y+)+z/');
    await terminal.waitFor(({lines}) => lines.at(-1)?.includes('takes too long on these sessions') ?? false);
    terminal.press('enter');
    await terminal.waitFor('takes too long on these sessions · Esc clears it');
    terminal.press('escape');
    await terminal.waitFor(screen => names(screen).includes('trap'));
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });

  test('Esc that comes with Enter, right before an answer of the terminal, is told, once', async () => {
    await loginBusy(cluster(), 'trap');
    const terminal = await openPgtop(cluster(), ['--filter', 'app:trap'], {columns: 110});
    for (let round = 0; round < 10; round++) {
      terminal.press('/');
      terminal.type('x');
      await terminal.waitFor('passes the filter');
      terminal.write('\r\u001b');
      // Where the answer comes 20 ms later than they, Esc has been told by then.
      await terminal.waitFor(screen => !screen.text.includes('Filter:'));
      terminal.write('\u001b[0n');
      await terminal.waitFor(screen => names(screen).includes('trap'));
    }
    terminal.press('q');
    expect((await terminal.exit()).code).toBe(0);
  });
});
