/** What the key Esc sends, and what every sequence begins with. */
export const ESC = '\u001b';

/** What a terminal sends behind ESC for keys without a character: xterm, vt220, rxvt, the Linux console, application mode. */
const SEQUENCES: ReadonlyMap<string, string> = new Map([
  ...(
    [
      ['up', '[A OA'],
      ['down', '[B OB'],
      ['right', '[C OC'],
      ['left', '[D OD'],
      ['end', '[F OF [4~ [8~'],
      ['home', '[H OH [1~ [7~'],
      ['delete', '[3~'],
      ['pageup', '[5~ [[5~'],
      ['pagedown', '[6~ [[6~'],
      ['shift+tab', '[Z'],
      ['enter', 'OM'],
    ] as const
  ).flatMap(([name, codes]) => codes.split(' ').map(code => [code, name] as const)),
  ...functionKeys('OP OQ OR OS [15~ [17~ [18~ [19~ [20~ [21~ [23~ [24~'),
  ...functionKeys('[11~ [12~ [13~ [14~'),
  ...functionKeys('[P [Q [R [S'),
  ...functionKeys('[[A [[B [[C [[D [[E'),
]);

function functionKeys(codes: string): readonly (readonly [string, string])[] {
  return codes.split(' ').map((code, index) => [code, `f${index + 1}`] as const);
}

/** A key of the cursor block together with Shift, Alt or Ctrl, which means what the key alone means. */
const MODIFIED = /^\[(?:1;\d+([A-DFH])|([1-8]);\d+~)$/;

function sequenceName(code: string): string | undefined {
  const [, letter, number] = MODIFIED.exec(code) ?? [];
  if (letter !== undefined) return SEQUENCES.get(`[${letter}`);
  return SEQUENCES.get(number === undefined ? code : `[${number}~`);
}

const CONTROLS: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
  '\u0000': 'ctrl+space',
};

function characterName(character: string): string {
  const code = character.charCodeAt(0);
  return CONTROLS[character] ?? (code < 0x20 ? `ctrl+${String.fromCharCode(code + 0x60)}` : character);
}

/**
 * The names of the keys in a piece of the terminal's input, one sequence or characters that came together: `up`, `f9`, `ctrl+c`,
 * `space`, `a`. None for a sequence that no key sends, such as an answer of the terminal.
 */
export function keyNames(input: string): readonly string[] {
  if (!input.startsWith(ESC)) return Array.from(input, characterName);
  const rest = input.slice(ESC.length);
  const name = sequenceName(rest);
  if (name !== undefined) return [name];
  // Esc and a key typed right after it look like Alt and that key, which nothing is bound to.
  if (rest === '' || rest.startsWith(ESC) || [...rest].length === 1) return ['escape', ...keyNames(rest)];
  return [];
}

/** The question whether the terminal is well (DSR 5): it answers in turn, behind every key pressed before it read the question. */
export const TERMINAL_QUESTION = `${ESC}[5n`;
const TERMINAL_ANSWER = `${ESC}[0n`;

/** What the bytes of a read say of the terminal's answers. */
export type TakenAnswers = {
  readonly count: number;
  /** How many of them came right behind Esc. Ink takes the two for one sequence and drops both. */
  readonly escapes: number;
  /** What may be the beginning of one that goes on in the next read. */
  readonly rest: string;
};

/** Finds the terminal's answers in the bytes of a read. */
export function takeAnswers(bytes: string): TakenAnswers {
  const parts = bytes.split(TERMINAL_ANSWER);
  return {
    count: parts.length - 1,
    escapes: parts.slice(0, -1).filter(before => before.endsWith(ESC)).length,
    rest: parts.at(-1)?.slice(-TERMINAL_ANSWER.length) ?? '',
  };
}
