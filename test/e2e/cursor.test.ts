import {expect, test} from 'vitest';
import {describeOnServer, end, login, openPgtop} from './pgtop.ts';
import {column, cursorLine} from './read-screen.ts';

describeOnServer('the cursor', cluster => {
  test('stays on its session while the rows take other places, and k means that session', async () => {
    const sleepers = new Map<string, Awaited<ReturnType<typeof login>>>();
    const sleep = async (name: string) => {
      const session = sleepers.get(name) ?? (await login(cluster(), name));
      sleepers.set(name, session);
      void session.backgroundQuery('SELECT pg_sleep(600)');
    };
    for (const name of ['ann', 'ben', 'cem', 'dov']) await sleep(name);
    const terminal = await openPgtop(cluster(), [], {columns: 110});
    const names = ['ann', 'ben', 'cem', 'dov'];
    await terminal.waitFor(screen => `${column(screen, 'APP')}` === `${names}`);
    terminal.press('down', 'down');
    await terminal.waitFor(screen => cursorLine(screen).includes(' cem '));

    // Who ends above moves the row up.
    await end(cluster(), sleepers.get('ann')?.pid ?? 0);
    sleepers.delete('ann');
    const higher = await terminal.waitFor(screen => `${column(screen, 'APP')}` === 'ben,cem,dov');
    expect(cursorLine(higher)).toContain(' cem ');

    terminal.press('I');
    const turned = await terminal.waitFor(screen => `${column(screen, 'APP')}` === 'dov,cem,ben');
    expect(cursorLine(turned)).toContain(' cem ');
    terminal.press('I');

    // A session with the youngest query stands last.
    await sleep('ann');
    await terminal.waitFor(screen => `${column(screen, 'APP')}` === 'ben,cem,dov,ann');
    terminal.press('home');
    await terminal.waitFor(screen => cursorLine(screen).includes(' ben '));
    await end(cluster(), sleepers.get('cem')?.pid ?? 0);
    const shorter = await terminal.waitFor(screen => `${column(screen, 'APP')}` === 'ben,dov,ann');
    expect(cursorLine(shorter)).toContain(' ben ');
    terminal.press('k');
    await terminal.waitFor(`Terminate ${sleepers.get('ben')?.pid}?`);
    terminal.press('n');
  });

  test('follows a session to the end of the table when it begins another query', async () => {
    const ben = await login(cluster(), 'ben');
    void ben.backgroundQuery('SELECT pg_sleep(0.8)');
    void ben.backgroundQuery('SELECT pg_sleep(600)');
    const cem = await login(cluster(), 'cem');
    void cem.backgroundQuery('SELECT pg_sleep(600)');
    const terminal = await openPgtop(cluster(), [], {columns: 110});
    await terminal.waitFor(screen => `${column(screen, 'APP')}` === 'ben,cem');
    terminal.press('home');
    const moved = await terminal.waitFor(screen => `${column(screen, 'APP')}` === 'cem,ben');
    expect(cursorLine(moved)).toContain(' ben ');
    terminal.press('enter');
    await terminal.waitFor(` Session ${ben.pid}`);
  });
});
