import type {Terminal} from '@xterm/headless';

/** First and last code point of each block that terminals draw two cells wide, emoji aside. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
const WIDE_EMOJI = /^\p{Emoji_Presentation}$/u;

/**
 * Cells that one code point takes in a terminal which counts code points as wcwidth(3) does, with the Unicode tables of
 * the Node that runs the tests: xterm.js brings Unicode 6 only, where an emoji is one cell.
 */
export function codePointWidth(codePoint: number): 0 | 1 | 2 {
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return 0;
  if (codePoint < 0x300) return 1;
  const character = String.fromCodePoint(codePoint);
  if (ZERO_WIDTH.test(character)) return 0;
  if (WIDE_EMOJI.test(character)) return 2;
  return WIDE.some(([first, last]) => codePoint >= first && codePoint <= last) ? 2 : 1;
}

/** Packs width and "joins the cell before it" the way xterm.js stores the properties of a code point. */
function charProperties(codePoint: number, preceding: number): number {
  const precedingWidth = (preceding >> 1) & 3;
  const width = codePointWidth(codePoint);
  const joins = width === 0 && preceding !== 0 && precedingWidth !== 0;
  return ((joins ? Math.max(precedingWidth, width) : width) << 1) | (joins ? 1 : 0);
}

/** Makes the screen interpreter count cells by `codePointWidth`. */
export function adoptCurrentWidths(terminal: Terminal): void {
  terminal.unicode.register({version: 'node', wcwidth: codePointWidth, charProperties});
  terminal.unicode.activeVersion = 'node';
}
