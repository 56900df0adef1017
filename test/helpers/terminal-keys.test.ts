import {expect, test} from 'vitest';
import {encodeKey} from './terminal-keys.ts';
import {codePointWidth} from './terminal-widths.ts';

test.each([
  ['q', 'q'],
  ['+', '+'],
  ['ctrl++', undefined],
  ['F', 'F'],
  ['f1', '\u001bOP'],
  ['f5', '\u001b[15~'],
  ['f12', '\u001b[24~'],
  ['shift+f6', '\u001b[17;2~'],
  ['ctrl+right', '\u001b[1;5C'],
  ['pageup', '\u001b[5~'],
  ['home', '\u001b[H'],
  ['ctrl+z', '\u001a'],
  ['ctrl+space', '\u0000'],
  ['alt+x', '\u001bx'],
  ['shift+tab', '\u001b[Z'],
  ['backspace', '\u007f'],
  ['pagedwn', undefined],
  ['hyper+a', undefined],
])('the key %s is sent as %j', (key, bytes) => {
  if (bytes === undefined) expect(() => encodeKey(key)).toThrow(`No such key: '${key}'`);
  else expect(encodeKey(key)).toBe(bytes);
});

test.each([
  ['a', 1],
  ['é', 1],
  ['漢', 2],
  ['😀', 2],
  ['\u0301', 0],
  ['\u200d', 0],
  ['\ufe0f', 0],
  ['│', 1],
  ['한', 2],
] as const)('the character %j takes %i cells', (character, width) => {
  expect(codePointWidth(character.codePointAt(0) ?? 0)).toBe(width);
});
