import {chmodSync, existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {FOLDER_NAME} from '../../source/demo/server-folder.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {openTestTerminal} from '../helpers/terminal-for-test.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {NOWHERE, PROGRAM} from './pgtop.ts';
import {descendantsOf, stillThere, tcpListeners} from './processes.ts';
import {column, cursorLine, messageLine} from './read-screen.ts';

/** A terminal with `pgtop demo` in it, and the temporary folder that only this demo uses. */
type Demo = {readonly terminal: Terminal; readonly temporary: string};

async function openDemo(): Promise<Demo> {
  const temporary = mkdtempSync(join(tmpdir(), 'demo-'));
  onTestFinished(() => rmSync(temporary, {recursive: true, force: true}));
  // The demo of root runs its server as nobody, who has to get in.
  chmodSync(temporary, 0o1777);
  const terminal = await openTestTerminal({
    command: [process.execPath, PROGRAM, 'demo'],
    columns: 120,
    rows: 40,
    env: {...NOWHERE, TMPDIR: temporary},
  });
  return {terminal, temporary};
}

/** The folders of throw-away servers. */
function serverFolders(temporary: string): readonly string[] {
  return readdirSync(temporary).filter(name => FOLDER_NAME.test(name));
}

describe('pgtop demo', () => {
  test('shows the staged incident within seconds, frees ten sessions by k and y, and leaves nothing', async () => {
    const {terminal, temporary} = await openDemo();
    const first = await terminal.waitFor('Lock waits · 15 waiting behind 3 roots');
    console.log(
      `pgtop demo: ${Math.round(performance.now() - terminal.startedAt)} ms to the root that blocks 10`,
    );
    const root = /^ (\d+) blocks 10 support@shop psql idle in transaction/m.exec(first.text)?.[1] ?? 'none';
    expect(first.text).toMatch(/^ prepared transaction blocks 2 'payout-eu-1122'/m);
    const processes = descendantsOf(terminal.pid);
    expect(processes.length).toBeGreaterThan(20);
    expect(serverFolders(temporary)).toHaveLength(1);
    expect(tcpListeners([terminal.pid, ...processes])).toEqual([]);

    terminal.press('3');
    const blocking = await terminal.waitFor('blocking · 1 of 17');
    expect(cursorLine(blocking)).toContain(` ${root} support `);
    expect(column(blocking, 'STATE')[0]).toBe('idle tx');
    terminal.press('k');
    const dialog = await terminal.waitFor('y terminates it');
    expect(dialog.text).toContain(`Terminate ${root}?`);
    expect(dialog.text).toMatch(/10 sessions wait behind it: this frees 7 now, 3\s+stay behind \d+/);
    terminal.press('y');
    const ended = await terminal.waitFor(new RegExp(`^ ${root} ended after \\d+ ms\\.$`, 'm'));
    expect(messageLine(ended)).toContain(root);
    const freed = await terminal.waitFor('5 waiting behind 2 roots');
    expect(freed.text).not.toContain('blocks 10');

    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    // The shell that tells of the server's end is the last of them, and nobody waits for it.
    await waitFor('the end of the server', () => stillThere(processes).length === 0);
    expect(serverFolders(temporary)).toEqual([]);
    expect(terminal.screen().text.trim()).toBe('');
  });

  test('takes its server along when it is killed by kill -9', async () => {
    const {terminal, temporary} = await openDemo();
    await terminal.waitFor('blocks 10');
    const processes = descendantsOf(terminal.pid);
    terminal.kill('SIGKILL');
    const killedAt = performance.now();
    await waitFor('the end of the server', () => stillThere(processes).length === 0);
    await waitFor('the end of its folder', () => serverFolders(temporary).length === 0);
    console.log(`pgtop demo: nothing left ${Math.round(performance.now() - killedAt)} ms after kill -9`);
  });

  test('leaves nothing either when Ctrl-C comes before the first frame', async () => {
    const interrupted = async () => {
      const {terminal, temporary} = await openDemo();
      await waitFor('the making of the server', () =>
        serverFolders(temporary).some(folder => existsSync(join(temporary, folder, 'data'))),
      );
      const processes = descendantsOf(terminal.pid);
      terminal.press('ctrl+c');
      const end = await terminal.exit();
      const hasDrawn = terminal.bytes.count('\u001b[?1049h') > 0;
      return {temporary, processes, end, hasDrawn};
    };
    let {temporary, processes, end, hasDrawn} = await interrupted();
    // A test that was held up was too late with the key.
    for (let tries = 1; hasDrawn && tries < 3; tries++)
      ({temporary, processes, end, hasDrawn} = await interrupted());
    expect(hasDrawn).toBe(false);
    expect(end).toEqual({code: 130, signal: null, leftovers: []});
    // Where making a server takes long, its supervisor takes down after the program what was begun.
    await waitFor('the end of the server', () => stillThere(processes).length === 0);
    await waitFor('the end of its folder', () => serverFolders(temporary).length === 0);
  });
});
