import {describe, expect, test} from 'vitest';
import {asciiOnly, sanitise, sanitiseLines} from '../../source/model/sanitise.ts';
import {hostileText, LEAK} from '../helpers/hostile-texts.ts';
import {randomFrom} from '../helpers/random.ts';

const LEAK_IN_LINES = new RegExp(`(?!\n)(?:${LEAK.source})`, 'u');

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
    const random = randomFrom(1);
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
    const random = randomFrom(2);
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
    const random = randomFrom(3);
    for (let round = 0; round < 5000; round++) {
      expect(asciiOnly(sanitiseLines(hostileText(random)))).toMatch(/^[ -~\n]*$/);
    }
  });
});
