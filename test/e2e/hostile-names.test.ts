import {expect, test} from 'vitest';
import {HOSTILE_PIECES, LEAK} from '../helpers/hostile-texts.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {ask, describeOnServer, login, OWN_SEQUENCES, openPgtop, untilBlocked} from './pgtop.ts';

const HOSTILE = 'a\u001b]52;c;ZXZp\u0007b\u001b[03;03Hc\u009b31md\u202ee\u200bf\r\u2604\v\u2604';
const quoted = `"${HOSTILE}"`;

/** What the terminal has been sent beside the program's own sequences that it would act on; the copies are the program's own too. */
function leaks({bytes}: Terminal): readonly string[] {
  const rest = bytes.text().replaceAll(OWN_SEQUENCES, '');
  const pieces = [
    ...HOSTILE_PIECES.filter(piece => piece.startsWith('\u001b]')),
    '\u001b[03;03H',
    '\r\u2604',
    '\v\u2604',
  ];
  return [
    ...(rest.match(new RegExp(`(?:${LEAK.source}).{0,20}`, 'u')) ?? []),
    ...pieces.filter(piece => bytes.count(piece) > 0),
  ];
}

describeOnServer('hostile names', cluster => {
  test('of roles, databases, tables and in queries do nothing in tree, inspect, dialog and menus', async () => {
    await ask(cluster(), `CREATE ROLE ${quoted} LOGIN SUPERUSER`);
    await ask(cluster(), `CREATE DATABASE ${quoted}`);
    const who = {user: HOSTILE, database: HOSTILE};
    const holder = await login(cluster(), 'holder', who);
    await holder.query(`CREATE TABLE ${quoted} ()`);
    await holder.query(`BEGIN; LOCK ${quoted} /* ${HOSTILE} */`);
    const waiter = await login(cluster(), 'waiter', who);
    void waiter.backgroundQuery(`TABLE ${quoted}`);
    await untilBlocked(cluster(), waiter.pid);
    const terminal = await openPgtop(cluster(), ['--view', 'all'], {...who, columns: 160, rows: 45});
    await terminal.waitFor('for AccessShare on a␛]52');
    terminal.press('/');
    terminal.type('app:holder');
    terminal.press('enter', 'enter');
    await terminal.waitFor(/AccessExclusive.*a␛\]52/);
    terminal.press('k');
    await terminal.waitFor('y terminates it');
    terminal.press('n', 'q', 'u');
    await terminal.waitFor('any user');
    terminal.press('q', 'D');
    await terminal.waitFor('any database');
    terminal.press('q');
    await terminal.waitFor(screen => !screen.text.includes('any database'));
    expect(leaks(terminal)).toEqual([]);
    terminal.press('y');
    await waitFor('the copy', () => terminal.clipboard.length > 0);
    expect(terminal.clipboard[0]).toMatch(/^BEGIN; LOCK "a␛/);
    expect(terminal.clipboard[0]?.replaceAll('\n', '').match(LEAK)).toBeNull();
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });
});
