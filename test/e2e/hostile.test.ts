import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {heavyRounds} from '../helpers/heavy-rounds.ts';
import {HOSTILE_PIECES, LEAK} from '../helpers/hostile-texts.ts';
import {randomFrom} from '../helpers/random.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {openTestTerminal} from '../helpers/terminal-for-test.ts';
import type {Screen} from '../helpers/terminal-screen.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {type HostileServer, playHostileServer, TRACER} from './hostile-sessions.ts';
import {NOWHERE, OWN_SEQUENCES, PROGRAM} from './pgtop.ts';
import {heading} from './read-screen.ts';

/** Sessions at a time, all of them on the screen: six hostile fields each. */
const SESSIONS = 90;
/** Screens full of them: 10,000 sessions and more in 112. */
const SCREENS = heavyRounds(8, 112, 1_000);
/** How often the screen gets another width. */
const RESIZE_EVERY = 10;

/** Hostile sequences that would be taken for own ones. */
const COUNTERFEIT = HOSTILE_PIECES.filter(piece => piece.startsWith('\u001b') && piece !== '\u001b[?1049l');

/** The columns that begin with a hostile text of at least one cell, and the one that fills the rest. */
const FIELDS = ['USER', 'DATABASE', 'APP', 'CLIENT', 'WAIT', 'QUERY'] as const;

async function open(): Promise<{readonly server: HostileServer; readonly terminal: Terminal}> {
  const folder = mkdtempSync(join(tmpdir(), 'pgtop-hostile-'));
  onTestFinished(() => rmSync(folder, {recursive: true}));
  const server = await playHostileServer(folder, SESSIONS, 10);
  onTestFinished(() => server.stop());
  const where = ['-h', folder, '-U', 'monitor', '-d', 'postgres', '-i', '0.2', '--audit-log', 'none'];
  const terminal = await openTestTerminal({
    command: [process.execPath, PROGRAM, ...where, '--view', 'active', '--sort', 'pid'],
    columns: 250,
    rows: 100,
    env: NOWHERE,
  });
  return {server, terminal};
}

/** The screen with every session of the present batch, which came at `from`, and its names on it; refreshes are asked for until it is. */
async function settledScreen(
  {server, terminal}: Awaited<ReturnType<typeof open>>,
  from: number,
): Promise<Screen> {
  const isSettled = () => terminal.bytes.count(server.settled(), {from}) > 0;
  // Looking at every cell of so large a screen takes longer than drawing it.
  while (!isSettled()) {
    const before = server.refreshes();
    terminal.press('R');
    await waitFor('a refresh', () => server.refreshes() > before || isSettled());
  }
  return await terminal.waitFor(server.settled());
}

/** What is wrong with the rows of a screen; empty when each has its fields where the heading has them and ends in the last cell. */
function misplaced(screen: Screen): readonly string[] {
  const titles = heading(screen);
  const top = screen.lines.indexOf(titles) + 1;
  const starts = FIELDS.map(title => [title, titles.search(new RegExp(`\\b${title}\\b`))] as const);
  return Array.from({length: SESSIONS}, (_, index) => top + index).flatMap(y => {
    const chars = (x: number) => screen.cell(x, y).chars;
    const wrong = starts.filter(([, at]) => chars(at - 1) !== ' ' || !/^[nacEwqs]/.test(chars(at)));
    const end = [screen.columns - 2, screen.columns - 1].map(chars).join('');
    const isFull = end.endsWith('+') || end === '+ ';
    const words = [...wrong.map(([title]) => title), ...(isFull ? [] : ['the end'])];
    return words.length === 0 ? [] : [`${words.join()} of ${JSON.stringify(screen.lines[y])}`];
  });
}

test(`${SCREENS * SESSIONS} hostile texts in each of six fields move nothing and end where the screen does`, {
  timeout: 60_000 + SCREENS * 2_000,
}, async () => {
  const opened = await open();
  const {server, terminal} = opened;
  const random = randomFrom(11);
  for (let screens = 0; screens < SCREENS; screens++) {
    // Before the next batch: none of it is to be drawn in the width of before.
    if (screens % RESIZE_EVERY === RESIZE_EVERY - 1) await terminal.resize(140 + random.below(161), 100);
    const from = performance.now();
    if (screens > 0) server.next();
    const screen = await settledScreen(opened, from);
    expect(misplaced(screen)).toEqual([]);
  }
  expect(server.count()).toBe(SCREENS * SESSIONS);
  const {bytes} = terminal;
  expect(bytes.text().replaceAll(OWN_SEQUENCES, '').match(LEAK)).toBeNull();
  expect(COUNTERFEIT.filter(piece => bytes.count(piece) > 0)).toEqual([]);
  const leaks = [`\r${TRACER}`, `\b${TRACER}`, `\v${TRACER}`, '\u001b[?1049l'];
  expect(leaks.filter(text => bytes.count(text) > 0)).toEqual([]);
  expect(terminal.clipboard).toEqual([]);
  terminal.press('q');
  expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
});
