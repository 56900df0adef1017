import {beforeAll, expect, test} from 'vitest';
import type {Cluster} from '../helpers/cluster.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {ask, describeOnServer, end, login, loginBusy, openPgtop, type Seat, stateOf} from './pgtop.ts';
import {cursorLine} from './read-screen.ts';

/** A monitor whose cursor is on the sessions of this application, which is on the screen. */
async function openOn(
  cluster: Cluster,
  application: string,
  words: readonly string[] = [],
  seat: Seat = {},
): Promise<Terminal> {
  const terminal = await openPgtop(cluster, ['--filter', `app=${application}`, ...words], {
    columns: 110,
    ...seat,
  });
  await terminal.waitFor(screen => cursorLine(screen).includes(` ${application} `));
  return terminal;
}

describeOnServer('a dialog', cluster => {
  beforeAll(async () => {
    await ask(cluster(), 'CREATE ROLE clerk LOGIN; GRANT pg_monitor TO clerk; CREATE ROLE temp LOGIN');
  });

  test('never gets a key that was typed before it was on screen', async () => {
    const {session} = await loginBusy(cluster(), 'payroll');
    const terminal = await openOn(cluster(), 'payroll');
    terminal.type('ky');
    await terminal.waitFor(`Terminate ${session.pid}?`);
    await terminal.waitFor('y terminates it');
    terminal.press('n');
    // The dialog was still open, so the y of the burst was no answer.
    await terminal.waitFor('Nothing was signalled.');
    terminal.type('cyyyy');
    await terminal.waitFor('y cancels it');
    terminal.press('n');
    await terminal.waitFor(/Nothing was signalled\.\n.*Tree/);
    expect(await stateOf(cluster(), session.pid)).toBe('active');
  });

  test('never gets a key from before it was on a screen that lags', async () => {
    const {session} = await loginBusy(cluster(), 'payroll');
    const terminal = await openOn(cluster(), 'payroll');
    terminal.holdAnswers();
    terminal.press('k');
    const dialog = await terminal.waitFor(`Terminate ${session.pid}?`);
    const clockOf = ({lines}: typeof dialog) => lines[0]?.slice(-8);
    // Two seconds of the server's clock are long after any dialog that is on a screen at once.
    const later = await terminal.waitFor(screen => clockOf(screen) !== clockOf(dialog));
    await terminal.waitFor(screen => clockOf(screen) !== clockOf(later));
    terminal.press('y');
    expect(terminal.screen().text).not.toContain('y terminates it');
    terminal.releaseAnswers();
    await terminal.waitFor('y terminates it');
    expect(await stateOf(cluster(), session.pid)).toBe('active');
    terminal.press('y');
    await terminal.waitFor('ended after');
  });

  test('is not confirmed by Enter, Space, arrows or any other key', async () => {
    const {session} = await loginBusy(cluster(), 'payroll');
    const terminal = await openOn(cluster(), 'payroll');
    terminal.press('k');
    await terminal.waitFor('y terminates it');
    const others = [
      'enter',
      'space',
      'up',
      'down',
      'left',
      'right',
      'tab',
      'pagedown',
      'home',
      'Y',
      'j',
      '1',
    ];
    terminal.press(...others, 'c', 'f9', 'f1', 'p');
    terminal.write('\u001b[200~y\u001b[201~');
    terminal.press('n');
    await terminal.waitFor('Nothing was signalled.');
    expect(await stateOf(cluster(), session.pid)).toBe('active');
  });

  test('is closed by n, Esc, q and the key that opened it', async () => {
    const {session} = await loginBusy(cluster(), 'payroll');
    const terminal = await openOn(cluster(), 'payroll');
    const ways = ['k n', 'k escape', 'k q', 'k k', 'K K', 'c c', 'C C', 'c escape'];
    for (const [opening = '', closing = ''] of ways.map(way => way.split(' '))) {
      terminal.press(opening);
      await terminal.waitFor(/ y \w+s it /);
      terminal.press(closing);
      const closed = await terminal.waitFor('Nothing was signalled.');
      expect(closed.text).not.toContain(`${session.pid}?`);
    }
    expect(await stateOf(cluster(), session.pid)).toBe('active');
  });

  test('says whom it is about and what ends with it, and k y ends exactly that session', async () => {
    const {session, outcome} = await loginBusy(cluster(), 'payroll');
    const {session: colleague} = await loginBusy(cluster(), 'accounts');
    const terminal = await openOn(cluster(), 'payroll');
    terminal.press('k');
    const dialog = await terminal.waitFor('y terminates it');
    for (const fact of [
      `Terminate ${session.pid}?`,
      'Nobody waits behind it.',
      'user pgtop',
      'database postgres',
      'application payroll',
      'client local',
      'state active',
      'query SELECT pg_sleep(600)',
    ]) {
      expect(dialog.text).toContain(` ${fact}`);
    }
    terminal.press('y');
    await terminal.waitFor(new RegExp(`${session.pid} ended after \\d+ ms`));
    expect(await outcome).toMatchObject({type: 'failed', error: {code: '57P01'}});
    await terminal.waitFor('passes the filter');
    expect(await stateOf(cluster(), colleague.pid)).toBe('active');
  });

  test('that c opened cancels the query, and the session lives', async () => {
    const {session, outcome} = await loginBusy(cluster(), 'payroll');
    const terminal = await openOn(cluster(), 'payroll');
    terminal.press('c');
    await terminal.waitFor('y cancels it');
    terminal.press('y');
    await terminal.waitFor(new RegExp(`${session.pid}: query cancelled after \\d+ ms`));
    expect(await outcome).toMatchObject({type: 'failed', error: {code: '57014'}});
    expect(await session.query('SELECT 1 AS alive')).toEqual([{alive: 1}]);
  });

  test('is not opened to cancel what does not run', async () => {
    const session = await login(cluster(), 'payroll');
    await session.query('BEGIN');
    const terminal = await openOn(cluster(), 'payroll');
    terminal.press('c');
    await terminal.waitFor(`${session.pid} is idle in transaction: nothing to cancel`);
  });

  test('signals nothing when its session has ended meanwhile, not even another one of that role', async () => {
    const {session} = await loginBusy(cluster(), 'payroll');
    const {session: colleague} = await loginBusy(cluster(), 'payroll');
    const terminal = await openOn(cluster(), 'payroll', ['--sort', 'pid']);
    const [first, other] = [session.pid, colleague.pid].sort((a, b) => a - b);
    terminal.press('k');
    const dialog = await terminal.waitFor('y terminates it');
    expect(dialog.text).toContain(`Terminate ${first}?`);
    await end(cluster(), Number(first));
    await terminal.waitFor(`${first} has ended since: nothing would be signalled.`);
    terminal.press('y');
    await terminal.waitFor(`there is no such session any more (${first} has ended)`);
    expect(await stateOf(cluster(), Number(other))).toBe('active');
  });

  test('does not cancel the next query of its session', async () => {
    const session = await login(cluster(), 'payroll');
    const first = session.backgroundQuery('SELECT pg_sleep(600)');
    const terminal = await openOn(cluster(), 'payroll');
    terminal.press('c');
    await terminal.waitFor('y cancels it');
    await ask(cluster(), 'SELECT pg_cancel_backend($1)', [session.pid]);
    await first;
    void session.backgroundQuery('SELECT pg_sleep(601)');
    await terminal.waitFor('It has begun another query since.');
    terminal.press('y');
    await terminal.waitFor(`that query of ${session.pid} has ended; the session goes on`);
    expect(await stateOf(cluster(), session.pid)).toBe('active');
  });

  test("tells the server's words when it refuses", async () => {
    await ask(cluster(), 'GRANT pg_signal_backend TO clerk');
    const {session} = await loginBusy(cluster(), 'payroll', undefined, {user: 'temp'});
    const terminal = await openOn(cluster(), 'payroll', [], {user: 'clerk'});
    terminal.press('k');
    await terminal.waitFor('y terminates it');
    await ask(cluster(), 'REVOKE pg_signal_backend FROM clerk');
    terminal.press('y');
    await terminal.waitFor(new RegExp(`${session.pid}: refused: (permission denied|must be)`));
    expect(await stateOf(cluster(), session.pid)).toBe('active');
  });

  test('is not opened for what is not permitted, whose key is grey and says why', async () => {
    await loginBusy(cluster(), 'payroll');
    const terminal = await openOn(cluster(), 'payroll', [], {user: 'temp', columns: 160});
    const screen = await terminal.waitFor('Kill');
    const kill = screen.find('Kill');
    expect(kill !== undefined && screen.cell(kill.x, kill.y).dim).toBe(true);
    terminal.press('k');
    await terminal.waitFor('only a superuser may terminate a session of the superuser pgtop.');
  });

  test('wants the pid typed where this role may not see when the session began', async () => {
    await ask(cluster(), 'CREATE ROLE blind LOGIN; GRANT pg_signal_backend TO blind');
    const session = await login(cluster(), 'payroll', {user: 'temp'});
    const terminal = await openOn(cluster(), 'payroll', [], {user: 'blind', columns: 120});
    terminal.press('k');
    await terminal.waitFor('the signal goes to whoever has this pid');
    await terminal.waitFor(`type ${session.pid}`);
    terminal.press('y');
    await terminal.waitFor(`Type ${session.pid} first, then y.`);
    terminal.type(`${session.pid}y`);
    await terminal.waitFor(new RegExp(`${session.pid} ended after \\d+ ms`));
  });

  test('is not opened by any key with --read-only', async () => {
    const {session} = await loginBusy(cluster(), 'payroll');
    const terminal = await openOn(cluster(), 'payroll', ['--read-only'], {columns: 140});
    for (const key of ['c', 'C', 'k', 'K', 'f9']) {
      terminal.press(key);
      const screen = await terminal.waitFor('pgtop runs with --read-only: no signal can be sent.');
      expect(screen.text).not.toContain(`${session.pid}?`);
      terminal.press('down', 'y');
      await terminal.waitFor("The query was sent to the terminal's clipboard.");
    }
    const screen = await terminal.waitFor(({lines}) => lines[0]?.includes('· read-only') ?? false);
    const kill = screen.find('Kill');
    if (kill !== undefined) expect(screen.cell(kill.x, kill.y).dim).toBe(true);
    expect(await stateOf(cluster(), session.pid)).toBe('active');
  });

  test('of the menu F9 needs its own y, too', async () => {
    const {session} = await loginBusy(cluster(), 'payroll');
    const terminal = await openOn(cluster(), 'payroll');
    terminal.press('f9');
    await terminal.waitFor(`> cancel ${session.pid} (pg_cancel_backend) · frees nobody`);
    terminal.press('down', 'enter', 'enter');
    const dialog = await terminal.waitFor('y terminates it');
    expect(dialog.text).toContain(`Terminate ${session.pid}?`);
    terminal.press('f9');
    await terminal.waitFor('Nothing was signalled.');
    expect(await stateOf(cluster(), session.pid)).toBe('active');
  });
});
