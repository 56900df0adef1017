import {expect, test} from 'vitest';
import {processExists} from '../../source/demo/owner.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {describeOnServer, openPgtop, pidsOf} from './pgtop.ts';
import {heading} from './read-screen.ts';

type Way = readonly [words: string, end: (terminal: Terminal) => void, code: number];

const WAYS: readonly Way[] = [
  ['q', terminal => terminal.press('q'), 0],
  ['F10', terminal => terminal.press('f10'), 0],
  ['Ctrl-C, which is a key here', terminal => terminal.press('ctrl+c'), 0],
  ['SIGINT', terminal => terminal.kill('SIGINT'), 130],
  ['SIGTERM', terminal => terminal.kill('SIGTERM'), 143],
];

describeOnServer('the end', cluster => {
  const noSessionIsLeft = () =>
    waitFor('the end of the session', async () => (await pidsOf(cluster(), 'watcher')).length === 0);

  test.each(WAYS)('by %s leaves the terminal as it was and no session', async (_, end, code) => {
    const terminal = await openPgtop(cluster(), [], {env: {PGAPPNAME: 'watcher'}});
    await terminal.waitFor('Conn');
    expect(await pidsOf(cluster(), 'watcher')).toHaveLength(1);
    end(terminal);
    expect(await terminal.exit()).toEqual({code, signal: null, leftovers: []});
    expect(terminal.screen().text.trim()).toBe('');
    await noSessionIsLeft();
  });

  test.each([
    ['the filter prompt', '/', 'Filter:'],
    ['a menu', 'f6', 'Sort by'],
    ['help', '?', '· keys'],
  ])('by Ctrl-C comes in %s too', async (_, key, shown) => {
    const terminal = await openPgtop(cluster());
    await terminal.waitFor('Conn');
    terminal.press(key);
    await terminal.waitFor(shown);
    terminal.press('ctrl+c');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });

  test('by a hang-up leaves no process and no session', async () => {
    const terminal = await openPgtop(cluster(), [], {env: {PGAPPNAME: 'watcher'}});
    await terminal.waitFor('Conn');
    terminal.hangUp();
    expect(await terminal.exit()).toMatchObject({signal: null});
    expect(processExists(terminal.pid)).toBe(false);
    await noSessionIsLeft();
  });

  test('by kill -9 leaves no session either', async () => {
    const terminal = await openPgtop(cluster(), [], {env: {PGAPPNAME: 'watcher'}});
    await terminal.waitFor('Conn');
    terminal.kill('SIGKILL');
    await terminal.exit();
    await noSessionIsLeft();
  });

  test('is put off by Ctrl-Z: a sane terminal meanwhile, a whole screen afterwards', async () => {
    const terminal = await openPgtop(cluster());
    const sane = terminal.stty();
    const before = await terminal.waitFor('Conn');
    expect(terminal.stty()).not.toBe(sane);
    terminal.press('ctrl+z');
    await terminal.stopped();
    const stopped = await terminal.waitFor(screen => !screen.isAlternate && screen.cursor.visible);
    expect(stopped.text.trim()).toBe('');
    expect(terminal.stty()).toMatch(/ icanon.* echo /s);
    terminal.kill('SIGCONT');
    const after = await terminal.waitFor(screen => screen.isAlternate && heading(screen) !== '');
    expect(after.lines.at(-1)).toBe(before.lines.at(-1));
    terminal.press('2');
    await terminal.waitFor('nobody waits for a lock');
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });
});
