import type {Random} from '../../helpers/random.ts';

const CONTENTS = [
  'idle',
  'active 12.3s',
  'Lock:tuple',
  '─ ├ ▾ ·',
  '日本語',
  '🐘 fox',
  'e\u0301te\u0301',
  '   ',
  '한글',
  'x',
] as const;
type Looks = readonly [on: string, off: string];
const LOOKS: readonly [Looks, ...Looks[]] = [
  ['', ''],
  ['\u001b[1m', '\u001b[22m'],
  ['\u001b[2m\u001b[36m', '\u001b[39m\u001b[22m'],
  ['\u001b[7m', '\u001b[27m'],
  ['\u001b[38;5;208m', '\u001b[39m'],
  ['\u001b[48;2;1;2;3m', '\u001b[49m'],
];

/** A text of a few words, some of them in colours, of at most so many words. */
export function randomText({below, pick}: Random, words: number): string {
  return Array.from({length: 1 + below(words)}, () => {
    const [on, off] = pick(LOOKS);
    return `${on}${pick(CONTENTS)}${below(12) === 0 ? '' : off}`;
  }).join(' ');
}
