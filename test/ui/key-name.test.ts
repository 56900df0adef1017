import {describe, expect, test} from 'vitest';
import {keyNames, takeAnswers} from '../../source/ui/key-name.ts';

const ESC = '\u001b';

describe('keys with a character', () => {
  test.each([
    ['a', ['a']],
    ['A', ['A']],
    ['/', ['/']],
    ['é', ['é']],
    ['😀', ['😀']],
    [' ', ['space']],
    ['\r', ['enter']],
    ['\n', ['enter']],
    ['\t', ['tab']],
    ['\u007f', ['backspace']],
    ['\b', ['backspace']],
    ['\u0003', ['ctrl+c']],
    ['\u000c', ['ctrl+l']],
    ['\u0000', ['ctrl+space']],
  ])('%j is %j', (input, names) => expect(keyNames(input)).toEqual(names));

  test.each([
    ['ky', ['k', 'y']],
    ['k\r', ['k', 'enter']],
    ['j j', ['j', 'space', 'j']],
    ['ab\u007f', ['a', 'b', 'backspace']],
    ['注文', ['注', '文']],
  ])('that come together, as %j, are told one by one', (input, names) =>
    expect(keyNames(input)).toEqual(names),
  );
});

describe('keys that send a sequence', () => {
  test.each([
    ['up', '[A OA [1;5A [1;2A'],
    ['down', '[B OB'],
    ['right', '[C OC'],
    ['left', '[D OD'],
    ['home', '[H OH [1~ [7~ [1;5H'],
    ['end', '[F OF [4~ [8~'],
    ['pageup', '[5~ [[5~ [5;3~'],
    ['pagedown', '[6~ [[6~'],
    ['delete', '[3~ [3;5~'],
    ['shift+tab', '[Z'],
    ['enter', 'OM'],
  ])('%s', (name, codes) => {
    for (const code of codes.split(' ')) expect(keyNames(ESC + code), code).toEqual([name]);
  });

  test.each([
    ['xterm', 'OP OQ OR OS [15~ [17~ [18~ [19~ [20~ [21~ [23~ [24~'],
    ['vt220', '[11~ [12~ [13~ [14~ [15~ [17~ [18~ [19~ [20~ [21~ [23~ [24~'],
    ['the Linux console', '[[A [[B [[C [[D [[E [17~'],
    ['kitty', '[P [Q [R [S'],
  ])('F1 and so on of %s', (_, codes) => {
    const names = codes.split(' ').map(code => keyNames(ESC + code));
    expect(names).toEqual(names.map((_each, index) => [`f${index + 1}`]));
  });

  test.each([
    [ESC, ['escape']],
    [`${ESC}q`, ['escape', 'q']],
    [`${ESC}😀`, ['escape', '😀']],
    [`${ESC}${ESC}`, ['escape', 'escape']],
    [`${ESC}${ESC}[A`, ['escape', 'up']],
    [`${ESC}${ESC}OP`, ['escape', 'f1']],
  ])('%j is Esc and what came right after it', (input, names) => expect(keyNames(input)).toEqual(names));

  test.each(['[2~', '[25~', '[0n', '[24;80R', '[<0;1;1M', '[?62;22c', '[97;5u', '[I', '[200~'])(
    'none sends ESC %s',
    code => expect(keyNames(ESC + code)).toEqual([]),
  );
});

test.each([
  ['\u001b[0n', {count: 1, escapes: 0, rest: ''}],
  ['y\u001b[0nx', {count: 1, escapes: 0, rest: 'x'}],
  ['\u001b[0n\u001b[0n\u001b[', {count: 2, escapes: 0, rest: '\u001b['}],
  ['\u001b\u001b[0n', {count: 1, escapes: 1, rest: ''}],
  ['abcdef', {count: 0, escapes: 0, rest: 'cdef'}],
  ['\u001b[10n', {count: 0, escapes: 0, rest: '[10n'}],
])('the answers of the terminal in %j, and what may be the beginning of one, are %j', (bytes, taken) =>
  expect(takeAnswers(bytes)).toEqual(taken),
);
