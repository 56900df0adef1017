import {expect, test} from 'vitest';
import sanitiseExactly from '../../../node_modules/ink/build/sanitize-ansi.js';
import {sanitiseSequences} from '../../../source/ui/stage/sanitise-sequences.ts';
import {randomFrom} from '../../helpers/random.ts';

const PIECES = [
  'text',
  '日本',
  '\u0301',
  ' ',
  '\t',
  '\n',
  '\u0007',
  '\u001b[1m',
  '\u001b[m',
  '\u001b[38;5;9m',
  '\u001b[4:3m',
  '\u001b[2J',
  '\u001b[10;10H',
  '\u001b]8;;x\u0007',
  '\u009b31m',
  '\u001b',
  '\u200b',
  '🐘',
] as const;

test('texts come out as from the look they stand in for', () => {
  const {below, pick} = randomFrom(7);
  for (let round = 0; round < 5_000; round++) {
    const text = Array.from({length: 1 + below(8)}, () => pick(PIECES)).join('');
    expect(sanitiseSequences(text), JSON.stringify(text)).toBe(sanitiseExactly(text));
  }
});
