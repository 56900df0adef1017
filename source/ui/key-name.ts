import type {Key} from 'ink';

const NAMED = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[];

/** Reports of focus, mouse, attributes and colours, and keys in kitty's protocol. */
const REPORT = /^(?:\[[<?>]?[\d;:]*[A-Za-z~]|\]\d+;.*)$/s;

/** The names of the keys behind one input event of Ink: `up`, `ctrl+c`, `space`, `a`. Keys typed fast arrive together; a key that Ink does not know gives none. */
export function keyNames(input: string, key: Key): readonly string[] {
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab'];
  const named = NAMED.find(([flag]) => key[flag]);
  if (named !== undefined) return [named[1]];
  // A report of the terminal that Ink does not know, its ESC taken off: nobody pressed that.
  if (REPORT.test(input)) return [];
  if (key.ctrl) return input === '' ? [] : [`ctrl+${input === ' ' ? 'space' : input.toLowerCase()}`];
  // Esc and a key typed right after it look like Alt and that key, which nothing is bound to.
  return [
    ...(key.meta ? ['escape'] : []),
    ...[...input].map(character => CHARACTERS[character] ?? character),
  ];
}

/** Bytes that a terminal sends for keys when several arrive in one read. */
const CHARACTERS: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
};

/** CSI and SS3 sequences of F1 to F12 in the dialects of xterm, vt220, the Linux console and rxvt. */
const FUNCTION_KEYS: ReadonlyMap<string, string> = new Map([
  ...['OP', 'OQ', 'OR', 'OS'].map((code, index) => [code, `f${index + 1}`] as const),
  ...['[P', '[Q', '[R', '[S'].map((code, index) => [code, `f${index + 1}`] as const),
  ...['[[A', '[[B', '[[C', '[[D', '[[E'].map((code, index) => [code, `f${index + 1}`] as const),
  ...[11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24].map(
    (code, index) => [`[${code}~`, `f${index + 1}`] as const,
  ),
]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what a function key begins with.
const SEQUENCE = /\u001b(O[PQRS]|\[\[[A-E]|\[\d\d~|\[[PQRS])/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC begins and ends a bracketed paste.
const PASTED = /\u001b\[200~[\s\S]*?(?:\u001b\[201~|$)/g;

/** The function keys in bytes from the terminal, which Ink reads but does not report. */
export function functionKeyNames(bytes: string): readonly string[] {
  return [...bytes.replace(PASTED, '').matchAll(SEQUENCE)].flatMap(
    ([, code]) => FUNCTION_KEYS.get(code ?? '') ?? [],
  );
}
