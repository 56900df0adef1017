import {LazySegmenter} from '../model/lazy-segmenter.ts';

const GRAPHEMES = new LazySegmenter(undefined, {granularity: 'grapheme'});

/** A line of text being typed. `caret` is an index into it, always between two of the characters that a reader sees. */
export type TextField = {readonly text: string; readonly caret: number};

/** A text field with the caret at its end. */
export function textField(text: string): TextField {
  return {text, caret: text.length};
}

/** The field after a key, in the way of a shell's line editor; the same field for a key that edits nothing. Keys of one character insert themselves. */
export function editField(field: TextField, key: string): TextField {
  const {text, caret} = field;
  const insert = (typed: string) => ({
    text: text.slice(0, caret) + typed + text.slice(caret),
    caret: caret + typed.length,
  });
  const before = caret - lengthOf(lastGrapheme(text.slice(0, caret)));
  const after = caret + lengthOf(firstGrapheme(text.slice(caret)));
  switch (key) {
    case 'backspace':
    case 'ctrl+h':
      return caret === 0 ? field : {text: text.slice(0, before) + text.slice(caret), caret: before};
    case 'delete':
    case 'ctrl+d':
      return {text: text.slice(0, caret) + text.slice(after), caret};
    case 'left':
    case 'ctrl+b':
      return {text, caret: before};
    case 'right':
    case 'ctrl+f':
      return {text, caret: after};
    case 'home':
    case 'ctrl+a':
      return {text, caret: 0};
    case 'end':
    case 'ctrl+e':
      return {text, caret: text.length};
    case 'ctrl+u':
      return {text: text.slice(caret), caret: 0};
    case 'ctrl+k':
      return {text: text.slice(0, caret), caret};
    case 'ctrl+w': {
      const kept = text.slice(0, caret).replace(/\S*\s*$/, '');
      return {text: kept + text.slice(caret), caret: kept.length};
    }
    case 'space':
      return insert(' ');
    default:
      return [...key].length === 1 ? insert(key) : field;
  }
}

/** The character at the start of a text as a reader sees it; undefined for an empty one. */
export function firstGrapheme(text: string): string | undefined {
  return GRAPHEMES.segment(text).containing(0)?.segment;
}

function lastGrapheme(text: string): string | undefined {
  return text === '' ? undefined : GRAPHEMES.segment(text).containing(text.length - 1)?.segment;
}

function lengthOf(grapheme: string | undefined): number {
  return grapheme?.length ?? 0;
}
