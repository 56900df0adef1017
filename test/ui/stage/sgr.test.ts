import {describe, expect, test} from 'vitest';
import {changeOfLooks, readRuns} from '../../../source/ui/stage/sgr.ts';
import {styledWidth} from '../../../source/ui/stage/styled-width.ts';

const looksOf = (text: string) => readRuns(text)?.runs.map(run => [run.text, run.looks]);

describe('the looks of a text', () => {
  test.each([
    ['plain', [['plain', '']]],
    ['', []],
    [
      'a\u001b[1mb\u001b[22mc',
      [
        ['a', ''],
        ['b', '1'],
        ['c', ''],
      ],
    ],
    [
      '\u001b[36m\u001b[1mx\u001b[22my',
      [
        ['x', '1;36'],
        ['y', '36'],
      ],
    ],
    [
      '\u001b[1m\u001b[36mx\u001b[0my',
      [
        ['x', '1;36'],
        ['y', ''],
      ],
    ],
    ['\u001b[1;38;5;208;7mx', [['x', '1;7;38;5;208']]],
    [
      '\u001b[48;2;1;2;3mx\u001b[49my',
      [
        ['x', '48;2;1;2;3'],
        ['y', ''],
      ],
    ],
    [
      '\u001b[31mx\u001b[92my\u001b[mz',
      [
        ['x', '31'],
        ['y', '92'],
        ['z', ''],
      ],
    ],
  ])('%j', (text, runs) => expect(looksOf(text)).toEqual(runs));

  test('are not known of a sequence that is not', () => expect(readRuns('\u001b[58;5;1mx')).toBeNull());

  test('that are left on are told', () => expect(readRuns('\u001b[1mx\u001b[36my')?.left).toBe('1;36'));
});

test.each([
  ['', '33', '\u001b[33m'],
  ['31', '33', '\u001b[33m'],
  ['31', '1;31', '\u001b[1m'],
  ['1;31', '33', '\u001b[0;33m'],
  ['7;38;5;208', '38;5;208', '\u001b[0;38;5;208m'],
  ['38;5;208', '7;38;5;12', '\u001b[7;38;5;12m'],
  ['1;31', '', '\u001b[m'],
])('from %j to %j it takes %j', (from, to, change) => expect(changeOfLooks(from, to)).toBe(change));

test.each([
  ['\u001b[1mab\u001b[22m', 2],
  ['\u001b[1m日本\u001b[22m', 4],
  ['\u001b]8;;http://x\u0007link\u001b]8;;\u0007', 4],
])('the width of %j is that of what is seen', (text, width) => expect(styledWidth(text)).toBe(width));
