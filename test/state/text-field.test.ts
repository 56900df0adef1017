import {describe, expect, test} from 'vitest';
import {editField, textField} from '../../source/state/text-field.ts';

/** The field of a text in which `|` is the caret, and back. */
const field = (shown: string) => ({text: shown.replace('|', ''), caret: shown.indexOf('|')});
const shown = ({text, caret}: {text: string; caret: number}) =>
  `${text.slice(0, caret)}|${text.slice(caret)}`;

describe('editField', () => {
  test.each([
    ['a', 'ab|cd', 'aba|cd'],
    ['A', '|', 'A|'],
    ['é', 'caf|', 'café|'],
    ['注', '|文', '注|文'],
    ['😀', 'a|b', 'a😀|b'],
    ['space', 'a|b', 'a |b'],
    ['/', 'a|', 'a/|'],
    ['backspace', 'ab|cd', 'a|cd'],
    ['backspace', '|cd', '|cd'],
    ['ctrl+h', 'ab|', 'a|'],
    ['delete', 'ab|cd', 'ab|d'],
    ['delete', 'ab|', 'ab|'],
    ['ctrl+d', 'ab|cd', 'ab|d'],
    ['left', 'ab|cd', 'a|bcd'],
    ['left', '|abcd', '|abcd'],
    ['ctrl+b', 'ab|cd', 'a|bcd'],
    ['right', 'ab|cd', 'abc|d'],
    ['right', 'abcd|', 'abcd|'],
    ['ctrl+f', 'ab|cd', 'abc|d'],
    ['home', 'ab|cd', '|abcd'],
    ['ctrl+a', 'ab|cd', '|abcd'],
    ['end', 'ab|cd', 'abcd|'],
    ['ctrl+e', 'ab|cd', 'abcd|'],
    ['ctrl+u', 'ab|cd', '|cd'],
    ['ctrl+k', 'ab|cd', 'ab|'],
    ['ctrl+w', 'user:a db:b|', 'user:a |'],
    ['ctrl+w', 'user:a   |db', '|db'],
    ['ctrl+w', 'user:al|ice', '|ice'],
    ['ctrl+w', '|ab', '|ab'],
  ])('%s makes %s into %s', (key, before, after) => {
    expect(shown(editField(field(before), key))).toBe(after);
  });

  test.each(['up', 'down', 'f1', 'f9', 'pageup', 'tab', 'shift+tab', 'ctrl+x', 'ctrl+z', 'ctrl+l', ''])(
    'the key %j edits nothing',
    key => {
      const before = field('ab|cd');
      expect(editField(before, key)).toBe(before);
    },
  );
});

test('textField puts the caret at the end', () => {
  expect(shown(textField('user:a'))).toBe('user:a|');
});
