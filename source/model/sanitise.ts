/** Printable ASCII with single spaces, which is most text a server sends, stays as it is: this finds a reason to look closer. */
const SUSPECT = /[^ -~]| {2}/;
const NOT_ASCII = /[^ -~]/;
/**
 * Runs of what is not a character of a common script. Only they need the slow look at character properties, since neither
 * marks nor hidden characters are among the others: Latin, Greek, Cyrillic, Hebrew, Arabic, kana, Han, Hangul, punctuation.
 */
const UNCOMMON =
  /[^ -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u0481\u048a-\u052f\u05d0-\u05ea\u0620-\u064a\u2010-\u2027\u3001-\u3020\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]+/g;
/** Whitespace that is not one lone space already. */
const WHITESPACE_RUN =
  / {2}[ \t\n\v\f\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*| ?[\t\n\v\f\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000][ \t\n\v\f\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*/g;
const LINE_END = /\r\n?|[\n\u0085\u2028\u2029]/;
const SPACE_IN_LINE = /[\v\f\p{Zs}]/gu;
/** Controls, formats, surrogates, private use and unassigned; variation selectors and fillers; the Braille blank. */
const HIDDEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/**
 * Characters that terminals draw in different numbers of cells: parts of Hangul syllables, hexagrams and the like, halves of flags, and
 * skin colours, which some join to the character before.
 */
const DISPUTED =
  /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff\u{1d300}-\u{1d37f}\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}]/gu;
const HANGUL_PARTS = /[\u1100-\u11ff]{2,}/g;
const MARKS_BEYOND_TWO = /(?<=\p{M}{2})\p{M}+/gu;
const TAB_SPACES = '  ';

function visible(hidden: string): string {
  const code = hidden.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '·';
}

function showHidden(stretch: string): string {
  return stretch
    .toWellFormed()
    .replace(HANGUL_PARTS, parts => parts.normalize('NFC'))
    .replace(HIDDEN, visible)
    .replace(DISPUTED, visible)
    .replace(MARKS_BEYOND_TWO, '');
}

/**
 * Text from a server made safe for one line of a terminal: query texts, names and messages may hold escape sequences,
 * bidirectional overrides and invisible characters. Whitespace runs become one space, hidden characters a picture (C0)
 * or a middle dot, which also stands for those whose width is disputed, marks stop at two in a row, lone surrogates become U+FFFD. Idempotent; plain ASCII comes back as the same string.
 */
export function sanitise(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replace(WHITESPACE_RUN, ' ').replace(UNCOMMON, showHidden);
}

/**
 * Like sanitise, for text shown over several lines: every kind of line end becomes `\n`, a tab two spaces,
 * and runs of spaces stay, so that a query keeps its indentation. Holds no other control character. Idempotent.
 */
export function sanitiseLines(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  return text
    .split(LINE_END)
    .map(line => line.replaceAll('\t', TAB_SPACES).replace(SPACE_IN_LINE, ' ').replace(UNCOMMON, showHidden))
    .join('\n');
}

const ASCII_TWINS: ReadonlyMap<string, string> = new Map([
  ['·', '.'],
  ['…', '~'],
  ['‘', "'"],
  ['’', "'"],
  ['“', '"'],
  ['”', '"'],
  ['–', '-'],
  ['—', '-'],
]);

/**
 * Sanitised text for a terminal that shows ASCII only (`--ascii`): letters lose their accents, some punctuation takes
 * its ASCII twin, any other character becomes `?`. Newlines stay. Wide characters shrink to one cell, so fit after this, not before.
 */
export function asciiOnly(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC')
    .replace(/[^ -~\n]/gu, character => ASCII_TWINS.get(character) ?? '?');
}
