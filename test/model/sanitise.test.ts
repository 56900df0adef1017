import {describe, expect, test} from 'vitest';
import {asciiOnly, sanitise, sanitiseLines} from '../../source/model/sanitise.ts';

/** What must never reach a terminal, written apart from the implementation. */
const LEAK = /[\p{C}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u2800\u3164\uffa0]|\u034f/u;
const LEAK_IN_LINES = new RegExp(`(?!\n)(?:${LEAK.source})`, 'u');

const HOSTILE_PIECES = [
  '\u001b]52;c;ZXZpbA==\u0007',
  '\u001b]0;title\u001b\\',
  '\u001b[2J',
  '\u009b31m',
  '\u009d0;x\u009c',
  '\u0090q\u009c',
  '\u202e',
  '\u2066',
  '\u2069',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\u00ad',
  '\u061c',
  '\u180e',
  '\u2028',
  '\u2029',
  '\u0085',
  '\u00a0',
  '\u3000',
  '\r',
  '\n',
  '\t',
  '\b',
  '\u0000',
  '\u007f',
  '\ud800',
  '\udc00',
  '\u{e0041}',
  '\u{e007f}',
  '\ufe0f',
  '\u{e0100}',
  '\u3164',
  '\uffa0',
  '\u115f',
  '\u2800',
  '\ue000',
  '\u{10ffff}',
  '\ufdd0',
  '\u0301',
  '\u0489',
  '\u20dd',
  '\u034f',
  '  ',
  ' ',
  'a',
  'é',
  'e\u0301',
  '漢',
  '😀',
  '👨\u200d👩\u200d👧',
  '한',
  'ਕ',
  '\u{1d173}',
  '\u206f',
  '\ufff9',
  '\u{110bd}',
];

/** The same pseudo-random numbers on every run, from 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function hostileText(random: () => number): string {
  const pieces = Array.from({length: Math.floor(random() * 24)}, () =>
    random() < 0.6
      ? HOSTILE_PIECES[Math.floor(random() * HOSTILE_PIECES.length)]
      : String.fromCharCode(Math.floor(random() * (random() < 0.5 ? 0x100 : 0x10000))),
  );
  return pieces.join('');
}

describe('sanitise', () => {
  test.each([
    ['SELECT 1', 'SELECT 1'],
    ['', ''],
    ['a\r\n\tb', 'a b'],
    ['a \u0085 \u2028\u2029\u00a0b', 'a b'],
    ['a\u3000\u2003b', 'a b'],
    ['\u001b]52;c;eA==\u0007', '␛]52;c;eA==␇'],
    ['\u0000\u0008\u007f', '␀␈␡'],
    ['\u009b31m', '·31m'],
    ['ab\u202ecd\u200b\ufeff', 'ab·cd··'],
    ['x\ufe0f\u{e0100}\u{e0041}\u3164\u2800\u00ad', 'x······'],
    ['lone \ud800 \udc00', 'lone \ufffd \ufffd'],
    ['z\u0301\u0302\u0303\u0304a', 'z\u0301\u0302a'],
    ['żółw 漢字 한글 😀', 'żółw 漢字 한글 😀'],
  ])('shows %j as %j', (text, expected) => {
    expect(sanitise(text)).toBe(expected);
  });

  test('leaks nothing of 20,000 hostile texts, is idempotent and stays on one line', () => {
    const random = randomNumbers(1);
    for (let round = 0; round < 20_000; round++) {
      const text = hostileText(random);
      const clean = sanitise(text);
      if (LEAK.test(clean) || / {2}|[^\S ]|\p{M}{3}/u.test(clean) || sanitise(clean) !== clean) {
        expect.fail(`${JSON.stringify(text)} became ${JSON.stringify(clean)}`);
      }
    }
  });

  test('leaks no code point of Unicode, alone or after a letter', () => {
    const leaked: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (LEAK.test(sanitise(character)) || LEAK.test(sanitise(`é${character}`)))
        leaked.push(code.toString(16));
    }
    expect(leaked).toEqual([]);
  });
});

describe('sanitiseLines', () => {
  test.each([
    ['SELECT 1\n  FROM t', 'SELECT 1\n  FROM t'],
    ['a\r\nb\rc\u0085d\u2028e\u2029f', 'a\nb\nc\nd\ne\nf'],
    ['\tx\u00a0y\fz', '  x y z'],
    ['a\u001b[2J\nb\u202e', 'a␛[2J\nb·'],
  ])('shows %j as %j', (text, expected) => {
    expect(sanitiseLines(text)).toBe(expected);
  });

  test('leaks nothing but newlines of 20,000 hostile texts and is idempotent', () => {
    const random = randomNumbers(2);
    for (let round = 0; round < 20_000; round++) {
      const text = hostileText(random);
      const clean = sanitiseLines(text);
      if (LEAK_IN_LINES.test(clean) || sanitiseLines(clean) !== clean) {
        expect.fail(`${JSON.stringify(text)} became ${JSON.stringify(clean)}`);
      }
    }
  });
});

describe('asciiOnly', () => {
  test.each([
    ['SELECT 1\nFROM t', 'SELECT 1\nFROM t'],
    ['Zoë Müller', 'Zoe Muller'],
    ['漢字 한 😀', '?? ? ?'],
    ['a·b…', 'a.b~'],
    ['“x” – ‘y’', '"x" - \'y\''],
    ['␛[2J', '?[2J'],
  ])('shows %j as %j', (text, expected) => {
    expect(asciiOnly(text)).toBe(expected);
  });

  test('gives printable ASCII and newlines only, whatever was sanitised', () => {
    const random = randomNumbers(3);
    for (let round = 0; round < 5000; round++) {
      expect(asciiOnly(sanitiseLines(hostileText(random)))).toMatch(/^[ -~\n]*$/);
    }
  });
});
