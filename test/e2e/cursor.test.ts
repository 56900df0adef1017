import {expect, test} from 'vitest';
import type {Screen} from '../helpers/terminal-screen.ts';
import {ask, describeOnServer, end, loginBusy, openPgtop} from './pgtop.ts';
import {column, cursorLine} from './read-screen.ts';

/** A condition: these sessions are in the table, in this order. */
const inOrder =
  (...names: readonly string[]) =>
  (screen: Screen) =>
    column(screen, 'APP').join() === names.join();

describeOnServer('the cursor', cluster => {
  test('stays on its session while rows come, go and turn round, and k means that session', async () => {
    const ann = await loginBusy(cluster(), 'ann');
    const ben = await loginBusy(cluster(), 'ben');
    const cem = await loginBusy(cluster(), 'cem');
    await loginBusy(cluster(), 'dov');
    const terminal = await openPgtop(cluster(), [], {columns: 110});
    await terminal.waitFor(inOrder('ann', 'ben', 'cem', 'dov'));
    terminal.press('down', 'down');
    await terminal.waitFor(screen => cursorLine(screen).includes(' cem '));

    await end(cluster(), ann.pid);
    expect(cursorLine(await terminal.waitFor(inOrder('ben', 'cem', 'dov')))).toContain(' cem ');
    terminal.press('I');
    expect(cursorLine(await terminal.waitFor(inOrder('dov', 'cem', 'ben')))).toContain(' cem ');
    await loginBusy(cluster(), 'eve');
    expect(cursorLine(await terminal.waitFor(inOrder('eve', 'dov', 'cem', 'ben')))).toContain(' cem ');

    terminal.press('down');
    await terminal.waitFor(screen => cursorLine(screen).includes(' ben '));
    await end(cluster(), cem.pid);
    expect(cursorLine(await terminal.waitFor(inOrder('eve', 'dov', 'ben')))).toContain(' ben ');
    terminal.press('k');
    await terminal.waitFor(`Terminate ${ben.pid}?`);
  });

  test('follows a session to the end of the table when it begins another query', async () => {
    const {session: ben, outcome} = await loginBusy(cluster(), 'ben');
    await loginBusy(cluster(), 'cem');
    const terminal = await openPgtop(cluster(), [], {columns: 110});
    await terminal.waitFor(inOrder('ben', 'cem'));
    // A cursor that was moved follows its session, from when it is seen to have moved.
    terminal.press('down');
    await terminal.waitFor(screen => cursorLine(screen).includes(' cem '));
    terminal.press('up');
    await terminal.waitFor(screen => cursorLine(screen).includes(' ben '));
    await ask(cluster(), 'SELECT pg_cancel_backend($1)', [ben.pid]);
    await outcome;
    void ben.backgroundQuery('SELECT pg_sleep(601)');
    const moved = await terminal.waitFor(inOrder('cem', 'ben'));
    expect(cursorLine(moved)).toContain(' ben ');
    terminal.press('enter');
    await terminal.waitFor(` Session ${ben.pid}`);
  });
});
