import {describe, expect, test} from 'vitest';
import {line, span} from '../../source/state/line.ts';
import {createTheme, paintLine} from '../../source/ui/theme.ts';

/** The numbers of the sequences in a painted text. */
const codesOf = (text: string) => [...text.matchAll(/\[([\d;]+)m/g)].map(([, code]) => code);
const COLOURS = /^([34]\d|9\d|10\d|38.*|48.*)$/;

describe.each([
  ['with colour', true],
  ['without colour', false],
])('a theme %s', (_, hasColor) => {
  const theme = createTheme(hasColor);
  const painted = [
    ...Object.values(theme.tones).map(paint => paint('x')),
    ...Object.values(theme.marks).map(paint => paint('x')),
    theme.stale('x'),
  ];

  test('leaves the text as it is between its sequences', () => {
    for (const text of painted) expect(text.replace(/.\[[\d;]*m/g, '')).toBe('x');
  });

  test(`uses colours: ${hasColor}`, () => {
    expect(painted.flatMap(codesOf).some(code => COLOURS.test(code ?? ''))).toBe(hasColor);
  });

  test('sets the cursor, headings, banners and old data apart', () => {
    const {marks, stale} = theme;
    for (const paint of [marks.cursor, marks['cursor-elsewhere'], marks.heading, marks.banner, stale])
      expect(codesOf(paint('x'))).not.toEqual([]);
    expect(marks.cursor('x')).not.toBe(marks['cursor-elsewhere']('x'));
  });

  test('ends what it begins', () => {
    for (const text of painted) expect(codesOf(text).length % 2).toBe(0);
  });
});

describe('paintLine', () => {
  const theme = createTheme(true);

  test('paints each piece by its meaning', () => {
    const text = paintLine({spans: [span('a'), span('b', 'danger')]}, theme);
    expect(text).toBe(`a${theme.tones.danger('b')}`);
  });

  test('marks the whole line and dims it when its data are old', () => {
    const text = paintLine({...line('a'), mark: 'cursor', isStale: true}, theme);
    expect(text).toBe(theme.stale(theme.marks.cursor('a')));
  });
});
