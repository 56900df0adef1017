import {writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import type {Cluster} from '../helpers/cluster.ts';
import type {Screen} from '../helpers/terminal-screen.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {describeOnServer, end, loginBusy, openPgtop, type Seat, stateOf} from './pgtop.ts';
import {
  clockOf,
  column,
  cursorLine,
  heading,
  intervalOf,
  messageLine,
  stillText,
  tableRows,
} from './read-screen.ts';

/** A monitor that shows three sessions, each asleep, in the order of their names. */
async function openOnThree(cluster: Cluster, seat: Seat = {}, words: readonly string[] = []) {
  const sessions = [];
  for (const name of ['ann', 'ben', 'cem']) sessions.push(await loginBusy(cluster, name));
  const terminal = await openPgtop(cluster, ['--sort', 'app', ...words], {columns: 110, ...seat});
  await terminal.waitFor('active · 1 of 3 · by app');
  return {terminal, sessions};
}

function ageOfData(screen: Screen): string {
  return /Paused · data are (\S+) old/.exec(screen.text)?.[1] ?? '';
}

describeOnServer('what is shown', cluster => {
  test('stands still after p, while the age of the data goes on, until the next p', async () => {
    const {terminal, sessions} = await openOnThree(cluster());
    terminal.press('p');
    const paused = await terminal.waitFor('Paused · data are');
    await end(cluster(), sessions[1]?.pid ?? 0);
    const ages = new Set([ageOfData(paused)]);
    const later = await terminal.waitFor(screen => {
      const hasStood = stillText(screen) === stillText(paused);
      return hasStood && ages.add(ageOfData(screen)).size > 2;
    });
    expect(column(later, 'APP')).toEqual(['ann', 'ben', 'cem']);
    terminal.press('p');
    await terminal.waitFor(
      screen => !screen.text.includes('Paused') && `${column(screen, 'APP')}` === 'ann,cem',
    );
  });

  test('is refreshed less and more often by + and -, and as often as typed after z', async () => {
    const {terminal} = await openOnThree(cluster());
    terminal.press('+');
    await terminal.waitFor('A refresh every 0.5 s.');
    terminal.press('+', '+', '-');
    await terminal.waitFor(
      screen => screen.text.includes('A refresh every 1 s.') && intervalOf(screen) === '1',
    );
    terminal.press('z');
    await terminal.waitFor('Seconds between refreshes (0.2 to 60):');
    terminal.type('0.1');
    terminal.press('enter');
    await terminal.waitFor('The interval is 0.2 to 60 seconds.');
    terminal.press('backspace');
    terminal.type('3');
    terminal.press('enter');
    await terminal.waitFor(screen => intervalOf(screen) === '0.3');
  });

  test('is refreshed at once by R', async () => {
    const {terminal} = await openOnThree(cluster(), {interval: '60'});
    // The first refreshes come by themselves.
    let last: string | undefined;
    let since = 0;
    await waitFor('them to be over', async () => {
      const clock = clockOf(terminal.screen());
      if (clock !== last) [last, since] = [clock, performance.now()];
      return performance.now() - since > 3_000;
    });
    const newcomer = await loginBusy(cluster(), 'dov');
    terminal.press('R');
    await terminal.waitFor(screen => column(screen, 'APP').includes('dov'));
    await end(cluster(), newcomer.pid);
    terminal.press('ctrl+r');
    await terminal.waitFor(screen => !column(screen, 'APP').includes('dov'));
  });

  test('is the age of query, transaction, state and session in turn with d', async () => {
    const {terminal} = await openOnThree(cluster());
    for (const title of ['XACT', 'STATE', 'SESSION', 'TIME']) {
      terminal.press('d');
      await terminal.waitFor(screen => heading(screen).includes(` ${title}  BLK`));
    }
  });

  test('is the whole query with w', async () => {
    const {terminal} = await openOnThree(cluster());
    await loginBusy(cluster(), 'dov', `SELECT pg_sleep(600) -- ${'to be continued '.repeat(10)}the end`);
    const cut = await terminal.waitFor(screen => tableRows(screen).length === 4);
    expect(cut.text).not.toContain('the end');
    terminal.press('w');
    await terminal.waitFor('the end');
    terminal.press('w');
    await terminal.waitFor(screen => !screen.text.includes('the end'));
  });

  test('is another part of the query with → and ←', async () => {
    const {terminal} = await openOnThree(cluster());
    await loginBusy(cluster(), 'dov', `SELECT pg_sleep(600) -- ${'to be continued '.repeat(5)}the end`);
    // The part of dov's query that is to be seen.
    const part = (screen: Screen) =>
      (tableRows(screen).find(row => row.includes(' dov ')) ?? '').slice(heading(screen).indexOf('QUERY'));
    let shown = await terminal.waitFor('SELECT pg_sleep(600) --');
    for (let presses = 0; presses < 20 && !shown.text.includes('the end'); presses++) {
      const before = part(shown);
      terminal.press('right');
      shown = await terminal.waitFor(screen => part(screen) !== before);
    }
    const scrolled = await terminal.waitFor('the end');
    expect(scrolled.text).not.toContain('SELECT pg_sleep');
    expect(column(scrolled, 'APP')).toEqual(['ann', 'ben', 'cem', 'dov']);
    terminal.press(...Array.from({length: 20}, () => 'left'));
    await terminal.waitFor('SELECT pg_sleep(600) --');
  });

  test('has more columns or fewer with v, and a shorter header with #', async () => {
    const {terminal} = await openOnThree(cluster(), {columns: 200});
    terminal.press('v');
    await terminal.waitFor(screen => / XID +XMIN +TYPE .*QUERYID /.test(heading(screen)));
    terminal.press('v');
    await terminal.waitFor(screen => !/APP|CLIENT|XID/.test(heading(screen)));
    terminal.press('v');
    const normal = await terminal.waitFor(screen => heading(screen).includes('APP▴'));
    expect(normal.lines[1]).toContain('Connections ');
    terminal.press('#');
    const compact = await terminal.waitFor(screen => !screen.text.includes('Connections '));
    expect(compact.lines[0]).toMatch(/^pgtop /);
    terminal.press('#');
    await terminal.waitFor(screen => screen.lines[0] === heading(screen));
    terminal.press('#');
    await terminal.waitFor('Connections ');
  });

  test('is drawn anew by Ctrl-L after somebody else has written on the terminal', async () => {
    const {terminal} = await openOnThree(cluster());
    terminal.press('p');
    const clean = await terminal.waitFor('Paused');
    writeFileSync(terminal.device, '\r\n\u001b[5;10HBroadcast message: please log out\r\n\n\n');
    await terminal.waitFor('Broadcast message');
    terminal.press('ctrl+l');
    await terminal.waitFor(screen => screen.isAlternate && stillText(screen) === stillText(clean));
  });

  test('is the help after F1, to be scrolled through and left by Esc', async () => {
    const {terminal} = await openOnThree(cluster());
    terminal.press('f1');
    const help = await terminal.waitFor(/lines 1 to 22 of \d+/);
    expect(help.lines[0]).toContain('· keys');
    terminal.press('down');
    await terminal.waitFor('lines 2 to 23 of');
    terminal.press('end');
    const last = await terminal.waitFor('If you come from');
    const [, shown, count] = /to (\d+) of (\d+)/.exec(messageLine(last)) ?? [];
    expect(shown).toBe(count);
    terminal.press('escape');
    await terminal.waitFor('active · 1 of 3');
    terminal.press('?');
    await terminal.waitFor('lines 1 to 22 of');
    terminal.press('q');
    await terminal.waitFor('active · 1 of 3');
  });

  test('does not change by pasted text, which is text in a prompt only', async () => {
    const {terminal, sessions} = await openOnThree(cluster());
    terminal.write('\u001b[200~kyq5\r\u001b[201~');
    await terminal.waitFor('Pasted text is not taken for keys.');
    terminal.press('/');
    await terminal.waitFor(' Filter:');
    terminal.write('\u001b[200~app:be\u001b[201~');
    await terminal.waitFor(' Filter: app:be');
    terminal.press('enter');
    expect(column(await terminal.waitFor('active · 1 of 1'), 'APP')).toEqual(['ben']);
    for (const {pid} of sessions) expect(await stateOf(cluster(), pid)).toBe('active');
  });

  test('does not move by j, which says why; with --keys vim h j k l move and K terminates', async () => {
    const {terminal} = await openOnThree(cluster());
    terminal.press('j');
    const told = await terminal.waitFor(
      'k terminates here, so j moves nothing. Arrows move; --keys vim makes h j k l move.',
    );
    expect(cursorLine(told)).toContain(' ann ');
    await terminal.close();
    const vim = await openPgtop(cluster(), ['--sort', 'app', '--keys', 'vim'], {columns: 110});
    await vim.waitFor('active · 1 of 3');
    vim.press('j', 'j');
    await vim.waitFor(screen => cursorLine(screen).includes(' cem '));
    vim.press('k');
    const moved = await vim.waitFor(screen => cursorLine(screen).includes(' ben '));
    expect(moved.text).not.toContain('Terminate');
    expect(moved.lines.at(-1)).toContain('K Kill');
    vim.press('K');
    await vim.waitFor('y terminates it');
    vim.press('K');
    await vim.waitFor('Nothing was signalled.');
  });
});
