import {describe, expect, test} from 'vitest';
import {sanitise, sanitiseLines} from '../../source/model/sanitise.ts';
import {fit as fitted, textWidth, wrapText} from '../../source/model/text-width.ts';
import {codePointWidth} from '../helpers/terminal-widths.ts';

const PIECES = [
  'a',
  'SELECT ',
  ' ',
  '  ',
  'é',
  'e\u0301',
  '漢',
  '字',
  'カ',
  '한',
  '각',
  '\u1100',
  '\u1161',
  '\u11a8',
  '😀',
  '👍🏽',
  '🇩🇪',
  '🇩',
  'ก',
  'ำ',
  'क्ष',
  'ਕੀ',
  '…',
  '·',
  '␛',
  'ｱ',
  'ﾞ',
  '①',
  'ש',
  'س',
  '\u{16d63}',
  '\u{16d67}',
  '\n',
];

/** A text of random pieces, the same on every run. */
function texts(count: number, longest: number): readonly string[] {
  let state = 7;
  const next = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return Array.from({length: count}, () =>
    Array.from({length: next(longest)}, () => PIECES[next(PIECES.length)]).join(''),
  );
}

/** Cells in a terminal that counts each code point by itself, as the emulator of these tests does. */
const cellsOf = (text: string) =>
  [...text].reduce((cells, character) => cells + codePointWidth(character.codePointAt(0) ?? 0), 0);

describe('textWidth', () => {
  test.each([
    ['', 0],
    ['SELECT 1', 8],
    ['żółw', 4],
    ['漢字', 4],
    ['e\u0301', 1],
    ['😀', 2],
    ['한글', 4],
    ['␛·…', 3],
  ])('counts the cells of %j as %i', (text, cells) => {
    expect(textWidth(text)).toBe(cells);
  });

  test('agrees with a terminal about every single character', () => {
    const wrong: string[] = [];
    for (let code = 0x20; code <= 0x1_ffff; code++) {
      const text = sanitise(`a${String.fromCodePoint(code)}b`);
      if (textWidth(text) !== cellsOf(text)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  test('agrees with a terminal about mixed texts', () => {
    for (const text of texts(2000, 20).map(sanitise)) expect(textWidth(text)).toBe(cellsOf(text));
  });
});

describe('fit', () => {
  test.each([
    ['abc', 5, 'left', 'abc  '],
    ['abc', 5, 'right', '  abc'],
    ['abc', 3, 'left', 'abc'],
    ['abcd', 3, 'left', 'ab…'],
    ['abcd', 3, 'right', 'ab…'],
    ['abcd', 1, 'left', '…'],
    ['abcd', 0, 'left', ''],
    ['漢字漢', 6, 'left', '漢字漢'],
    ['漢字漢', 5, 'left', '漢字…'],
    ['漢字漢', 4, 'left', '漢… '],
    ['漢字漢', 4, 'right', ' 漢…'],
    ['漢', 1, 'left', '…'],
    ['żółw', 3, 'left', 'żó…'],
    ['e\u0301e\u0301e\u0301', 2, 'left', 'e\u0301…'],
  ] as const)('makes %j %i cells wide, aligned %s: %j', (text, width, align, expected) => {
    expect(fitted(text, width, align)).toBe(expected);
  });

  test('cuts with the ellipsis it is given, or with none', () => {
    expect(fitted('abcd', 3, 'left', '~')).toBe('ab~');
    expect(fitted('abcd', 3, 'left', '')).toBe('abc');
    expect(fitted('abcd', 2, 'left', '...')).toBe('  ');
  });

  test('is exactly as wide as asked for any text, width and side', () => {
    for (const text of texts(400, 40).map(sanitise)) {
      for (const width of [1, 2, 3, 7, 20, 200]) {
        expect(cellsOf(fitted(text, width))).toBe(width);
        expect(cellsOf(fitted(text, width, 'right', '~'))).toBe(width);
      }
    }
  });

  test('keeps a text that has room and cuts one that has not, however long', () => {
    expect(fitted('ok', 4)).toBe('ok  ');
    expect(fitted('x漢'.repeat(500_000), 7)).toBe('x漢x漢…');
    expect(cellsOf(fitted(`각${'\u11a8'.repeat(5000)}`, 10))).toBe(10);
  });
});

describe('wrapText', () => {
  test.each([
    ['', 10, ['']],
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 8, ['one two', 'three']],
    ['abcdefghij kl', 4, ['abcd', 'efgh', 'ij', 'kl']],
    ['a\n\n  b c', 10, ['a', '', '  b c']],
    ['  abcdef', 5, ['  abc', 'def']],
    ['漢字漢字', 5, ['漢字', '漢字']],
    ['漢字 漢字', 5, ['漢字', '漢字']],
    ['漢字', 1, ['漢', '字']],
    ['abc   ', 3, ['abc']],
    ['ab', 0, ['a', 'b']],
    ['क्क्क्क', 2, ['क्क्', 'क्क']],
  ])('breaks %j at %i cells into %j', (text, width, lines) => {
    expect(wrapText(text, width)).toEqual(lines);
  });

  test('loses nothing but spaces and makes no line too wide', () => {
    for (const text of texts(400, 60).map(sanitiseLines)) {
      for (const width of [2, 3, 5, 13, 80]) {
        const lines = wrapText(text, width);
        expect(lines.join('').replace(/ /g, '')).toBe(text.replace(/[ \n]/g, ''));
        expect(lines.filter(line => cellsOf(line) > width)).toEqual([]);
      }
    }
  });
});
