import {describe, expect, test} from 'vitest';
import {textWidth} from '../../source/model/text-width.ts';
import {fitLine} from '../../source/state/fit-line.ts';
import {line, lineText, span} from '../../source/state/line.ts';
import {randomFrom} from '../helpers/random.ts';

const fitted = (texts: readonly string[], columns: number, isAscii = false) =>
  lineText(fitLine({spans: texts.map(text => span(text))}, columns, isAscii));

describe('fitLine', () => {
  test.each<[string, readonly string[], number, string]>([
    ['pads a short line', ['ab'], 4, 'ab  '],
    ['leaves a line that fits exactly', ['ab', 'cd'], 4, 'abcd'],
    ['pads a line without text', [], 3, '   '],
    ['leaves out blanks that do not fit', ['abcd', '   '], 4, 'abcd'],
    ['cuts the span that gets too long', ['ab', 'cdef', 'gh'], 5, 'abcd+'],
    ['says that something follows where a span ends at the edge', ['abcd', 'ef'], 4, 'abc+'],
    ['cuts no wide character in two', ['注文'], 3, '注+'],
    ['cuts to one cell', ['abc'], 1, '+'],
    ['has nothing in no cells', ['abc'], 0, ''],
  ])('%s', (_, texts, columns, expected) => {
    expect(fitted(texts, columns)).toBe(expected);
  });

  test('keeps the meaning of each piece and the mark of the line', () => {
    const {spans, mark} = fitLine(
      {spans: [span('ab', 'danger'), span('cd', 'dim')], mark: 'banner'},
      3,
      false,
    );
    expect([spans, mark]).toEqual([[span('ab', 'danger'), span('+', 'dim')], 'banner']);
  });

  test('with --ascii measures what is left of the text', () => {
    expect([fitted(['注文é'], 4, true), fitted(['żółw żółw'], 5, true)]).toEqual([
      '??e ',
      expect.stringMatching(/^[ -~]{5}$/),
    ]);
  });

  test('makes every line of 3,000 random ones exactly as wide as asked', () => {
    const random = randomFrom(71);
    for (let turn = 0; turn < 3000; turn++) {
      const spans = Array.from({length: random.below(5)}, () =>
        random.pick(['', ' ', 'a', 'abc', '注文', 'é', '😀', '…', '한국어 SELECT']),
      );
      const columns = random.below(20);
      for (const isAscii of [false, true]) expect(textWidth(fitted(spans, columns, isAscii))).toBe(columns);
    }
  });
});

test('lineText joins the pieces of a line', () => {
  expect([lineText(line('a')), lineText({spans: [span('a'), span('b')]})]).toEqual(['a', 'ab']);
});
