import {beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import {BINDINGS} from '../../source/state/key-table.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {randomFrom} from '../helpers/random.ts';
import {openRecordingProxy} from '../helpers/recording-proxy.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {ask, describeOnServer, loginBusy, openPgtop} from './pgtop.ts';
import {hasRow} from './read-screen.ts';

/** How many keys are pressed, and in which portions: after each the program is given time to answer. */
const KEYS = heavyRounds(600, 3_000, 10_000);
const PORTION = 50;
const SIZES = 40;

/** Those that leave the program or hand its terminal over. */
const LEAVING = new Set(['q', 'f10', 'ctrl+c', 'ctrl+z', 'ctrl+l']);
const ALL_KEYS = [
  ...BINDINGS.flatMap(({keys, vimKeys = []}) => [...keys, ...vimKeys]),
  ...['y', 'n', 'y', 'k', 'c', 'f9', 'enter', 'escape', 'space', 'A', 'b', 'backspace', 'j', '0', '6', '9'],
].filter(key => !LEAVING.has(key));

const SIGNAL = /pg_(?:cancel|terminate)_backend/;

/** Presses random keys in portions, each after the screen of the one before was drawn. */
async function pressAtRandom(terminal: Terminal, keys: readonly [string, ...string[]], seed: number) {
  const random = randomFrom(seed);
  for (let pressed = 0; pressed < KEYS; pressed += PORTION) {
    const before = terminal.bytes.size();
    for (let key = 0; key < PORTION; key++) terminal.press(random.pick(keys));
    // A new size is drawn on every page, whether or not the keys changed anything; one that it had just before may not be seen to change.
    await terminal.resize(120 + ((pressed / PORTION + 1) % SIZES), 30);
    await terminal.waitFor(() => terminal.bytes.size() > before);
  }
}

describe('with the wire recorded', () => {
  describeOnServer('random keys', cluster => {
    beforeAll(async () => {
      await ask(cluster(), 'CREATE TABLE orders (id int)');
    });

    /** The program behind a proxy that records what it sends, on sessions that wait and run. */
    const openRecorded = async (words: readonly string[]) => {
      const holder = await loginBusy(cluster(), 'holder', 'SELECT pg_sleep(600)');
      await loginBusy(cluster(), 'runner', 'SELECT pg_sleep(601)');
      const proxy = await openRecordingProxy(cluster());
      onTestFinished(() => proxy.close());
      const recorded = {...cluster(), socketFolder: proxy.socketFolder};
      const terminal = await openPgtop(recorded, words, {columns: 120, rows: 30});
      await terminal.waitFor(hasRow(holder.pid));
      return {proxy, terminal, pid: holder.pid};
    };

    test(
      `in --read-only send no signal, in ${KEYS} keys`,
      async () => {
        const {proxy, terminal} = await openRecorded(['--read-only']);
        await pressAtRandom(terminal, ALL_KEYS as [string, ...string[]], 35);
        expect(proxy.sent()).toContain('pg_stat_get_activity');
        expect(proxy.sent()).not.toMatch(SIGNAL);
      },
      60_000 + KEYS * 20,
    );

    test(
      `without y and digits send no signal, in ${KEYS} keys`,
      async () => {
        const {proxy, terminal} = await openRecorded([]);
        const keys = ALL_KEYS.filter(key => key !== 'y' && !/^\d$/.test(key));
        await pressAtRandom(terminal, keys as [string, ...string[]], 36);
        expect(proxy.sent()).not.toMatch(SIGNAL);
      },
      60_000 + KEYS * 20,
    );

    test('the record shows a signal that is sent', async () => {
      const {proxy, terminal} = await openRecorded(['--filter', 'app=holder']);
      terminal.press('k');
      await terminal.waitFor('y terminates it');
      terminal.press('y');
      await terminal.waitFor(/ended after \d+ ms/);
      expect(proxy.sent()).toMatch(SIGNAL);
    });
  });
});
