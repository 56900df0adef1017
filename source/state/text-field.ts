/** A line of text being typed. `caret` counts characters from its start. */
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
  switch (key) {
    case 'backspace':
    case 'ctrl+h':
      return caret === 0 ? field : {text: text.slice(0, caret - 1) + text.slice(caret), caret: caret - 1};
    case 'delete':
    case 'ctrl+d':
      return {text: text.slice(0, caret) + text.slice(caret + 1), caret};
    case 'left':
    case 'ctrl+b':
      return {text, caret: Math.max(0, caret - 1)};
    case 'right':
    case 'ctrl+f':
      return {text, caret: Math.min(text.length, caret + 1)};
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
