import {expect, test} from 'vitest';
import {csvLine} from '../../source/model/csv.ts';

test.each<[string, readonly (string | number | null)[], string]>([
  ['cells with commas between them', ['a', 'b'], 'a,b'],
  ['an empty cell for null', ['a', null, 'b'], 'a,,b'],
  ['numbers as they are', [1.5, -1, 0], '1.5,-1,0'],
  ['a comma in quotes', ['a,b'], '"a,b"'],
  ['a quote twice', ['say "x"'], '"say ""x"""'],
  ['a line break in quotes', ['a\nb', 'a\r\nb'], '"a\nb","a\r\nb"'],
  ['spaces as they are', [' a '], ' a '],
  ['what a spreadsheet would run with an apostrophe', ['=1+1', '+1', '@SUM(1)'], "'=1+1,'+1,'@SUM(1)"],
  ['a formula with a comma with both', ['=HYPERLINK("x","y")'], '"\'=HYPERLINK(""x"",""y"")"'],
  ['a formula after a tab with an apostrophe', ['\t=1'], "'\t=1"],
  ['an equals sign inside a text as it is', ['a=1'], 'a=1'],
  ['nothing for no cells', [], ''],
])('a line of CSV has %s', (_, cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
