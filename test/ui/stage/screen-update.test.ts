import {describe, expect, test} from 'vitest';
import {type Screen, screenUpdate} from '../../../source/ui/stage/screen-update.ts';
import {type Random, randomFrom} from '../../helpers/random.ts';
import {createEmulator} from '../../helpers/terminal-emulator.ts';
import type {Cell, Screen as Shown} from '../../helpers/terminal-screen.ts';
import {randomText} from './random-texts.ts';

const [COLUMNS, ROWS] = [70, 14];

const emulator = () => createEmulator(COLUMNS, ROWS, {onAnswer: () => undefined, onChange: () => undefined});

const screenOf = (rows: readonly string[]): Screen => ({
  columns: COLUMNS,
  rows: Array.from({length: ROWS}, (_, y) => rows[y] ?? ''),
});

async function shownAfter(...updates: readonly string[]): Promise<Shown> {
  const terminal = emulator();
  for (const bytes of updates) terminal.write(bytes);
  await terminal.flush();
  return terminal.screen();
}

function cellsOf(shown: Shown): readonly (readonly Cell[])[] {
  return Array.from({length: ROWS}, (_, y) => Array.from({length: COLUMNS}, (_, x) => shown.cell(x, y)));
}

/** A row some of whose words fill it to the last column. */
function randomRow(random: Random): string {
  const {below} = random;
  if (below(8) === 0) return '';
  if (below(8) === 0) return `\u001b[7m${'filled '.repeat(10)}\u001b[27m`;
  return randomText(random, 5);
}

/** The next rows of a screen: some others, some gone up or down, some as they are. */
function randomStep(random: Random, rows: readonly string[]): readonly string[] {
  const {below} = random;
  const by = below(3) === 0 ? below(5) - 2 : 0;
  const first = below(4);
  return rows.map((row, y) => {
    if (below(6) === 0) return randomRow(random);
    if (below(6) === 0) return row.replace(/\d/, String(below(10)));
    return y >= first && y < ROWS - 2 ? (rows[y + by] ?? randomRow(random)) : row;
  });
}

describe('the terminal shows the same as if the screen had been written anew', () => {
  test('after every step of random screens', {timeout: 60_000}, async () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = randomFrom(seed);
      const terminal = emulator();
      let screen: Screen | null = null;
      let rows: readonly string[] = Array.from({length: ROWS}, () => randomRow(random));
      for (let step = 0; step < 12; step++) {
        const next = screenOf(rows);
        terminal.write(screenUpdate(screen, next));
        await terminal.flush();
        const anew = await shownAfter(screenUpdate(null, next));
        expect(cellsOf(terminal.screen()), `seed ${seed}, step ${step}`).toEqual(cellsOf(anew));
        screen = next;
        rows = randomStep(random, rows);
      }
      expect(await terminal.leftovers(), `seed ${seed}`).toEqual([]);
    }
  });

  test('whatever stood there before when that is not known', async () => {
    const rows = ['one', '', '\u001b[1mthree\u001b[22m', '日本'];
    const full = Array.from({length: ROWS}, () => 'x'.repeat(COLUMNS)).join('\r\n');
    const over = await shownAfter(`\u001b[H${full}`, screenUpdate(null, screenOf(rows)));
    expect(over.lines.slice(0, 5)).toEqual(['one', '', 'three', '日本', '']);
  });
});

const blank = screenOf([]);
const bytesOf = (before: readonly string[], after: readonly string[]) =>
  JSON.stringify(screenUpdate(screenOf(before), screenOf(after)));

describe('what is written', () => {
  test('is nothing when nothing differs', () => expect(screenUpdate(blank, blank)).toBe(''));

  test('is the digits that count on, under one another', () =>
    expect(bytesOf(['a  1.2s', 'b  1.2s'], ['a  1.3s', 'b  1.3s'])).toMatchInlineSnapshot(
      `""\\u001b[1;6H3\\u000b\\b3""`,
    ));

  test('reaches a digit farther right on the row below over what stands before it', () =>
    expect(bytesOf(['a 11.2s', 'b   11.2s'], ['a 11.3s', 'b   11.3s'])).toMatchInlineSnapshot(
      `""\\u001b[1;6H3\\u000b.3""`,
    ));

  test('is what looks the same one after another, plain text last', () => {
    const row = (digit: number) =>
      `\u001b[33m${digit}s\u001b[39m      \u001b[31m${digit}s\u001b[39m      ${digit}s`;
    expect(bytesOf([row(1), row(1)], [row(2), row(2)])).toMatchInlineSnapshot(
      `""\\u001b[H\\u001b[33m2\\u000b\\r2\\u001b[7C\\u001b[31m2\\u001b[1;9H2\\u001b[7C\\u001b[m2\\u000b\\b2""`,
    );
  });

  test('goes over a short gap by writing it again', () =>
    expect(bytesOf(['abcdef'], ['xbcdey'])).toMatchInlineSnapshot(`""\\u001b[Hxbcdey""`));

  test('erases what is left of a longer row', () =>
    expect(bytesOf(['a long row'], ['a'])).toMatchInlineSnapshot(`""\\u001b[1;3H\\u001b[K""`));

  test('begins a row with a wide character no later than there', () =>
    expect(bytesOf(['1 日本 x'], ['1 日本 y'])).toMatchInlineSnapshot(`""\\u001b[1;2H\\u001b[K 日本 y""`));

  test('leaves a wide character alone when only what is before it differs', () =>
    expect(bytesOf(['1  日本 x'], ['2  日本 x'])).toMatchInlineSnapshot(`""\\u001b[H2""`));

  test('lets the terminal move rows that moved', () => {
    const rows = Array.from({length: ROWS}, (_, y) => `row number ${y}`);
    expect(
      bytesOf(rows, ['row number 0', ...rows.slice(2, 12), 'new', ...rows.slice(12)]),
    ).toMatchInlineSnapshot(`""\\u001b[2;12r\\u001b[2H\\u001b[M\\u001b[r\\u001b[12Hnew""`);
  });
});
