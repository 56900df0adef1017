/** `CSI n ~` numbers of the keys that xterm sends that way. */
const TILDE_KEYS: ReadonlyMap<string, number> = new Map([
  ['insert', 2],
  ['delete', 3],
  ['pageup', 5],
  ['pagedown', 6],
  ['f5', 15],
  ['f6', 17],
  ['f7', 18],
  ['f8', 19],
  ['f9', 20],
  ['f10', 21],
  ['f11', 23],
  ['f12', 24],
]);

/** Final letters of the keys that xterm sends as `CSI letter` or, in application cursor mode, `SS3 letter`. */
const CURSOR_KEYS: ReadonlyMap<string, string> = new Map([
  ['up', 'A'],
  ['down', 'B'],
  ['right', 'C'],
  ['left', 'D'],
  ['end', 'F'],
  ['home', 'H'],
]);

const FUNCTION_KEYS: ReadonlyMap<string, string> = new Map([
  ['f1', 'P'],
  ['f2', 'Q'],
  ['f3', 'R'],
  ['f4', 'S'],
]);

const PLAIN_KEYS: ReadonlyMap<string, string> = new Map([
  ['enter', '\r'],
  ['escape', '\u001b'],
  ['tab', '\t'],
  ['backspace', '\u007f'],
  ['space', ' '],
]);

/** Bits of xterm's modifier parameter, which is sent as one more than their sum. */
const MODIFIERS: ReadonlyMap<string, number> = new Map([
  ['shift', 1],
  ['alt', 2],
  ['ctrl', 4],
]);

type Chord = {readonly base: string; readonly modifiers: ReadonlySet<string>};

function chordOf(key: string): Chord {
  const parts = key === '+' || key.endsWith('++') ? [...key.slice(0, -2).split('+'), '+'] : key.split('+');
  const base = parts.at(-1) ?? '';
  const modifiers = new Set(parts.slice(0, -1).filter(part => part !== ''));
  for (const modifier of modifiers) if (!MODIFIERS.has(modifier)) throw unknownKey(key);
  return {base, modifiers};
}

function unknownKey(key: string): Error {
  return new Error(`No such key: '${key}'. Keys are one character, 'up', 'f9', 'ctrl+c', 'shift+tab', …`);
}

function specialKey(base: string, parameter: number, applicationCursor: boolean): string | undefined {
  const tilde = TILDE_KEYS.get(base);
  if (tilde !== undefined) return parameter === 1 ? `\u001b[${tilde}~` : `\u001b[${tilde};${parameter}~`;
  const cursor = CURSOR_KEYS.get(base);
  const letter = cursor ?? FUNCTION_KEYS.get(base);
  if (letter === undefined) return undefined;
  if (parameter !== 1) return `\u001b[1;${parameter}${letter}`;
  return cursor === undefined || applicationCursor ? `\u001bO${letter}` : `\u001b[${letter}`;
}

function characterKey({base, modifiers}: Chord, key: string): string {
  const plain = PLAIN_KEYS.get(base) ?? base;
  if ([...plain].length !== 1) throw unknownKey(key);
  if (modifiers.has('shift') && base === 'tab') return '\u001b[Z';
  const shifted = modifiers.has('shift') ? plain.toUpperCase() : plain;
  if (!modifiers.has('ctrl')) return shifted;
  const code = shifted.toUpperCase().charCodeAt(0);
  if (shifted === ' ') return '\u0000';
  if (code < 0x40 || code > 0x5f) throw unknownKey(key);
  return String.fromCharCode(code & 0x1f);
}

/**
 * The bytes that xterm sends for a key: one character (`q`, `+`, `ä`), a name (`up`, `pagedown`, `home`, `f1` to `f12`,
 * `enter`, `escape`, `tab`, `backspace`, `delete`, `insert`, `space`) or either behind `ctrl+`, `alt+`, `shift+`.
 * Throws for a key that a terminal cannot send, so that a misspelt name is not typed letter by letter.
 */
export function encodeKey(key: string, applicationCursor = false): string {
  const chord = chordOf(key);
  const bits = [...chord.modifiers].reduce((sum, modifier) => sum + (MODIFIERS.get(modifier) ?? 0), 0);
  const special = specialKey(chord.base, bits + 1, applicationCursor);
  if (special !== undefined) return special;
  return (chord.modifiers.has('alt') ? '\u001b' : '') + characterKey(chord, key);
}
