import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {processExists} from '../../source/demo/owner.ts';
import {TERMINAL_QUESTION} from '../../source/ui/key-name.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {describeOnServer, openPgtop, pidsOf} from './pgtop.ts';
import {descendantsOf, stillThere} from './processes.ts';
import {heading} from './read-screen.ts';

type Way = readonly [words: string, end: (terminal: Terminal) => void, code: number];

const WAYS: readonly Way[] = [
  ['q', terminal => terminal.press('q'), 0],
  ['F10', terminal => terminal.press('f10'), 0],
  ['Ctrl-C, which is a key here', terminal => terminal.press('ctrl+c'), 0],
  ['SIGINT', terminal => terminal.kill('SIGINT'), 130],
  ['SIGTERM', terminal => terminal.kill('SIGTERM'), 143],
  ['SIGHUP', terminal => terminal.kill('SIGHUP'), 129],
  ['SIGQUIT', terminal => terminal.kill('SIGQUIT'), 131],
];

/** Each way is tried so often. */
const ROUNDS = heavyRounds(1, 2, 50);

const MISTAKE = fileURLToPath(new URL('../fixtures/mistake.mjs', import.meta.url));

const ENTER_ALTERNATE_SCREEN = '\u001b[?1049h';

/** How long a stop lasts, in milliseconds. */
const STOP_MS = heavyRounds(50, 50, 30_000);
/** How often it is stopped. */
const STOPS = heavyRounds(2, 4, 20);

describeOnServer('the end', cluster => {
  const noSessionIsLeft = () =>
    waitFor('the end of the session', async () => (await pidsOf(cluster(), 'watcher')).length === 0);

  test.each(WAYS)(
    'by %s leaves the terminal as it was and no session',
    async (_, end, code) => {
      for (let round = 0; round < ROUNDS; round++) {
        const terminal = await openPgtop(cluster(), [], {env: {PGAPPNAME: 'watcher'}});
        await terminal.waitFor('Conn');
        expect(await pidsOf(cluster(), 'watcher')).toHaveLength(1);
        end(terminal);
        expect(await terminal.exit()).toEqual({code, signal: null, leftovers: []});
        expect(terminal.screen().text.trim()).toBe('');
        await noSessionIsLeft();
      }
    },
    ROUNDS * 90_000,
  );

  test.each([
    ['an exception', 'SIGUSR2'],
    ['a rejected promise', 'SIGALRM'],
  ] as const)(
    'by %s that nobody catches gives the terminal back first and then tells of it',
    async (_, signal) => {
      for (let round = 0; round < ROUNDS; round++) {
        const env = {PGAPPNAME: 'watcher', NODE_OPTIONS: `--import ${MISTAKE}`};
        const terminal = await openPgtop(cluster(), [], {columns: 160, env});
        await terminal.waitFor('Conn');
        terminal.kill(signal);
        expect(await terminal.exit()).toEqual({code: 1, signal: null, leftovers: []});
        expect(terminal.screen().text).toMatch(
          /^pgtop: this is a mistake of pgtop itself.*\nTypeError: a mistake on purpose/,
        );
        await noSessionIsLeft();
      }
    },
    ROUNDS * 90_000,
  );

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

  test(
    'by a hang-up leaves no process and no session',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const terminal = await openPgtop(cluster(), [], {env: {PGAPPNAME: 'watcher'}});
        await terminal.waitFor('Conn');
        terminal.hangUp();
        expect(await terminal.exit()).toMatchObject({code: 129, signal: null});
        expect(processExists(terminal.pid)).toBe(false);
        await noSessionIsLeft();
      }
    },
    ROUNDS * 90_000,
  );

  test('comes with the end of the terminal also where no signal tells of it', async () => {
    const env = {PGAPPNAME: 'watcher'};
    const terminal = await openPgtop(cluster(), [], {env, wrapper: ['setsid', '--wait']});
    await terminal.waitFor('Conn');
    const pids = descendantsOf(terminal.pid);
    expect(pids).toHaveLength(1);
    terminal.hangUp();
    await noSessionIsLeft();
    await waitFor('the end of the process', () => stillThere(pids).length === 0);
  });

  test('by kill -9 leaves no session either', async () => {
    const terminal = await openPgtop(cluster(), [], {env: {PGAPPNAME: 'watcher'}});
    await terminal.waitFor('Conn');
    terminal.kill('SIGKILL');
    await terminal.exit();
    await noSessionIsLeft();
  });

  test.each([
    ['Ctrl-Z', (terminal: Terminal) => terminal.press('ctrl+z')],
    ['SIGTSTP from outside', (terminal: Terminal) => terminal.kill('SIGTSTP')],
  ] as const)(
    'is put off by %s: a sane terminal meanwhile, a whole screen afterwards',
    async (_, stop) => {
      const terminal = await openPgtop(cluster(), [], {interval: '30'});
      const sane = terminal.stty();
      await terminal.waitFor('Conn');
      // Behind a key's way there and back the terminal's answer to the only question is not on its way any more.
      await terminal.waitFor(() => terminal.bytes.count(TERMINAL_QUESTION) > 0);
      terminal.press('?');
      await terminal.waitFor('· keys');
      terminal.press('q');
      const before = await terminal.waitFor(screen => heading(screen) !== '');
      expect(terminal.stty()).not.toBe(sane);
      for (let round = 0; round < STOPS; round++) {
        await stopAndContinue(terminal, stop);
        await terminal.waitFor(
          screen =>
            screen.isAlternate && heading(screen) !== '' && screen.lines.at(-1) === before.lines.at(-1),
        );
        await waitFor('the raw mode', () => !/ icanon/.test(terminal.stty()));
      }
      terminal.press('2');
      await terminal.waitFor('nobody waits for a lock');
      terminal.press('q');
      expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    },
    90_000 + STOPS * (STOP_MS + 20_000),
  );

  test('is put off by SIGSTOP, after which the screen is drawn anew', async () => {
    const terminal = await openPgtop(cluster(), [], {interval: '30'});
    const before = await terminal.waitFor('Conn');
    terminal.kill('SIGSTOP');
    await terminal.stopped();
    const drawn = terminal.bytes.count(ENTER_ALTERNATE_SCREEN);
    terminal.kill('SIGCONT');
    await terminal.waitFor(
      screen =>
        terminal.bytes.count(ENTER_ALTERNATE_SCREEN) > drawn && screen.lines.at(-1) === before.lines.at(-1),
    );
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });
});

/** Stops the program in one of the ways, looks at what the shell then has, and lets it go on. */
async function stopAndContinue(terminal: Terminal, stop: (terminal: Terminal) => unknown): Promise<void> {
  stop(terminal);
  await terminal.stopped();
  const stopped = await terminal.waitFor(screen => !screen.isAlternate && screen.cursor.visible);
  expect(stopped.text.trim()).toBe('');
  expect(terminal.stty()).toMatch(/ icanon.* echo /s);
  await sleep(STOP_MS);
  terminal.kill('SIGCONT');
}
