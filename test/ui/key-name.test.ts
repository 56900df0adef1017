import type {Key} from 'ink';
import {describe, expect, test} from 'vitest';
import {functionKeyNames, keyNames} from '../../source/ui/key-name.ts';

const NO_KEY: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

describe('keyNames', () => {
  test.each<[string, Partial<Key>, readonly string[]]>([
    ['', {upArrow: true}, ['up']],
    ['', {downArrow: true}, ['down']],
    ['', {leftArrow: true}, ['left']],
    ['', {rightArrow: true}, ['right']],
    ['', {pageUp: true}, ['pageup']],
    ['', {pageDown: true}, ['pagedown']],
    ['', {home: true}, ['home']],
    ['', {end: true}, ['end']],
    ['\r', {return: true}, ['enter']],
    ['', {escape: true}, ['escape']],
    ['', {backspace: true}, ['backspace']],
    ['', {delete: true}, ['delete']],
    ['', {tab: true}, ['tab']],
    ['', {tab: true, shift: true}, ['shift+tab']],
    ['a', {}, ['a']],
    ['A', {shift: true}, ['A']],
    [' ', {}, ['space']],
    ['/', {}, ['/']],
    ['é', {}, ['é']],
    ['😀', {}, ['😀']],
    ['c', {ctrl: true}, ['ctrl+c']],
    ['L', {ctrl: true, shift: true}, ['ctrl+l']],
    [' ', {ctrl: true}, ['ctrl+space']],
    ['', {ctrl: true}, []],
    ['', {}, []],
  ])('%j with %j is %j', (input, flags, names) => {
    expect(keyNames(input, {...NO_KEY, ...flags})).toEqual(names);
  });

  test.each([
    ['ky', ['k', 'y']],
    ['k\r', ['k', 'enter']],
    ['j j', ['j', 'space', 'j']],
    ['ab\u007f', ['a', 'b', 'backspace']],
    ['注文', ['注', '文']],
  ])('keys that come together, as %j, are told one by one', (input, names) => {
    expect(keyNames(input, NO_KEY)).toEqual(names);
  });

  test('Esc and a key right after it are these two', () => {
    expect(keyNames('q', {...NO_KEY, meta: true})).toEqual(['escape', 'q']);
  });
});

describe('functionKeyNames', () => {
  const ESC = '\u001b';

  test.each([
    ['xterm', ['OP', 'OQ', 'OR', 'OS', '[15~', '[17~', '[18~', '[19~', '[20~', '[21~', '[23~', '[24~']],
    [
      'vt220',
      ['[11~', '[12~', '[13~', '[14~', '[15~', '[17~', '[18~', '[19~', '[20~', '[21~', '[23~', '[24~'],
    ],
  ])('knows F1 to F12 of %s', (_, codes) => {
    const names = codes.map(code => functionKeyNames(ESC + code));
    expect(names).toEqual(Array.from({length: 12}, (_each, index) => [`f${index + 1}`]));
  });

  test.each([
    ['the Linux console', ['[[A', '[[B', '[[C', '[[D', '[[E']],
    ['kitty', ['[P', '[Q', '[R', '[S']],
  ])('knows the first keys of %s', (_, codes) => {
    const names = codes.map(code => functionKeyNames(ESC + code));
    expect(names).toEqual(codes.map((_each, index) => [`f${index + 1}`]));
  });

  test('tells several in one read, in their order', () => {
    expect(functionKeyNames(`x${ESC}[20~y${ESC}OP`)).toEqual(['f9', 'f1']);
  });

  test.each([
    '',
    'k',
    'OP',
    '[20~',
    '\u001b',
    '\u001b[A',
    '\u001b[5~',
    '\u001b[3~',
    '\u001b[200~',
    '\u001b[201~',
    '\u001b[25~',
    '\u001b[1;5A',
  ])('finds none in %j', bytes => {
    expect(functionKeyNames(bytes)).toEqual([]);
  });
});
