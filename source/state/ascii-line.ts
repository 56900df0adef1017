import {asciiOnly} from '../model/sanitise.ts';

/** What pgtop's own signs look like on a terminal that shows ASCII only; each as wide as before. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['│', '|'],
  ['├', '|'],
  ['└', '`'],
  ['─', '-'],
  ['╌', '.'],
  ['»', '>'],
  ['▾', 'v'],
  ['▴', '^'],
  ['↑', '^'],
  ['↓', 'v'],
  ['←', '<'],
  ['→', '>'],
  ['·', '-'],
  ['…', '.'],
]);

const SIGN = new RegExp(`[${[...SIGNS.keys()].join('')}]`, 'g');

/** A text in ASCII letters: pgtop's signs by their likes, what else there is by asciiOnly. */
export function asciiText(text: string): string {
  return asciiOnly(text.replace(SIGN, sign => SIGNS.get(sign) ?? '?'));
}
