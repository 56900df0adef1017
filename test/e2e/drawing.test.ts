import {beforeAll, expect, test} from 'vitest';
import type {Cluster} from '../helpers/cluster.ts';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {randomFrom} from '../helpers/random.ts';
import type {Screen} from '../helpers/terminal-screen.ts';
import {setTerminalSize} from '../helpers/terminal-stty.ts';
import {ask, describeOnServer, login, openPgtop, untilBlocked} from './pgtop.ts';
import {clockOf, column, heading, stillText} from './read-screen.ts';

const ESC = '\u001b';
/** What erases the screen from the cursor on or up to it, and what empties a whole line before it is written again. */
const WIPES = [`${ESC}[J`, `${ESC}[0J`, `${ESC}[1J`, `${ESC}[2K`] as const;

/** One session that holds a lock and three that wait for it. */
async function openQueue(cluster: Cluster): Promise<void> {
  const holder = await login(cluster, 'holder');
  await holder.query('BEGIN; LOCK TABLE stock');
  for (const name of ['first', 'second', 'third']) {
    const waiter = await login(cluster, name);
    void waiter.backgroundQuery('TABLE stock');
    await untilBlocked(cluster, waiter.pid);
  }
}

/** How long the first in the queue has waited, which is another text after every refresh. */
const waitOf = ({text}: Screen) => / first waits (\S+)/.exec(text)?.[1];

describeOnServer('the screen', cluster => {
  beforeAll(async () => {
    await ask(cluster(), 'CREATE TABLE stock (id integer)');
  });

  test('is never wiped while it is refreshed and keys are pressed, over a slow line', async () => {
    await openQueue(cluster());
    const terminal = await openPgtop(cluster(), [], {interval: '0.5', bytesPerSecond: 20_000});
    const first = await terminal.waitFor('Lock waits · 3 waiting behind 1 root');
    const from = performance.now();
    const keys = [
      'down',
      '3',
      'end',
      'home',
      '5',
      '1',
      'tab',
      'down',
      '-',
      '+',
      'tab',
      'd',
      'w',
      'w',
      'v',
      'v',
      'v',
    ];
    let waited = waitOf(first);
    for (let refresh = 0; refresh < 5; refresh++) {
      terminal.press(...keys.splice(0, 4));
      waited = waitOf(await terminal.waitFor(screen => waitOf(screen) !== waited));
    }
    terminal.press('?');
    await terminal.waitFor('· keys');
    terminal.press('escape');
    await terminal.waitFor('Lock waits');
    terminal.press('k');
    await terminal.waitFor('y terminates it');
    terminal.press('n');
    await terminal.waitFor('Nothing was signalled.');
    const {bytes} = terminal;
    expect(bytes.fullClears({from})).toBe(0);
    expect(WIPES.map(sequence => bytes.count(sequence, {from}))).toEqual([0, 0, 0, 0]);
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    expect(bytes.count(`${ESC}[?1049h`)).toBe(1);
    expect(bytes.count(`${ESC}[?1049l`)).toBe(1);
  });

  test('is right again after a storm of sizes', async () => {
    await openQueue(cluster());
    const terminal = await openPgtop(cluster(), ['--sort', 'app'], {columns: 120, rows: 30});
    await terminal.waitFor(/Lock waits · 3 waiting.*for AccessShare on stock/s);
    terminal.press('p');
    const before = await terminal.waitFor('Paused');
    const random = randomFrom(50);
    await terminal.resize(0, 0);
    for (let turn = 0; turn < heavyRounds(50, 100, 1_000); turn++)
      await terminal.resize(random.below(301), random.below(101));
    await terminal.resize(120, 30);
    const after = await terminal.waitFor(screen => stillText(screen) === stillText(before));
    expect(after.lines).toHaveLength(30);
    terminal.press('p', 'q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  }, 120_000);

  test.each([
    [80, 24],
    [40, 10],
    [300, 100],
    [45, 60],
  ])('fills %i x %i cells, the keys in the last line', async (columns, rows) => {
    await openQueue(cluster());
    const terminal = await openPgtop(cluster(), [], {columns, rows});
    const screen = await terminal.waitFor('Lock waits');
    expect(screen.lines[0]).toMatch(/^pgtop \d/);
    expect(heading(screen)).toContain('QUERY');
    expect(screen.lines.at(-1)).toMatch(/^ t Tree /);
    terminal.press('k');
    const dialog = await terminal.waitFor(' y terminates');
    expect(dialog.lines.at(-1)).toMatch(/^ y terminate /);
  });

  test('says that it is too small below 40x10, and keys still work', async () => {
    const terminal = await openPgtop(cluster(), [], {columns: 20, rows: 5});
    await terminal.waitFor(' pgtop needs 40x10,\n this is 20x5.');
    await terminal.resize(80, 24);
    await terminal.waitFor('Conn');
    await terminal.resize(39, 24);
    await terminal.waitFor(' this is 39x24.');
    await terminal.resize(1, 1);
    await terminal.resize(20, 5);
    await terminal.waitFor(' this is 20x5.');
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });

  test('is drawn again and again where CI is set too', async () => {
    const terminal = await openPgtop(cluster(), [], {env: {CI: 'true', CONTINUOUS_INTEGRATION: '1'}});
    const first = await terminal.waitFor(screen => screen.isAlternate && clockOf(screen) !== undefined);
    await terminal.waitFor(screen => clockOf(screen) !== clockOf(first));
    terminal.press('?');
    await terminal.waitFor('· keys');
    terminal.press('q', 'q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
  });

  test('is taken for 80x24 on a line that tells no size', async () => {
    const terminal = await openPgtop(cluster(), [], {columns: 100, rows: 30});
    await terminal.waitFor('Conn');
    setTerminalSize(terminal.device, 0, 0);
    const screen = await terminal.waitFor(({lines}) => lines[23]?.startsWith(' t Tree') ?? false);
    expect(heading(screen).length).toBeLessThanOrEqual(80);
    terminal.press('5');
    await terminal.waitFor(screen => column(screen, 'APP').length > 3);
  });

  test('has no colour with NO_COLOR or --no-color, and only ASCII with --ascii', async () => {
    await openQueue(cluster());
    const coloured = await openPgtop(cluster());
    const plain = await openPgtop(cluster(), ['--no-color', '--ascii']);
    const wanted = await openPgtop(cluster(), [], {env: {NO_COLOR: '1'}});
    const colours = async (terminal: typeof plain) => {
      const screen = await terminal.waitFor('Lock waits');
      const cells = screen.lines.flatMap((_, y) => Array.from({length: 80}, (__, x) => screen.cell(x, y)));
      return new Set(cells.flatMap(({fg, bg}) => [fg, bg]));
    };
    expect((await colours(coloured)).size).toBeGreaterThan(3);
    expect(await colours(wanted)).toEqual(new Set([null]));
    expect(await colours(plain)).toEqual(new Set([null]));
    expect(plain.screen().text).toMatch(/^[\n -~]+$/);
  });
});
