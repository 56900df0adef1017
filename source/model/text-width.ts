import stringWidth from 'string-width';
import {LazySegmenter} from './lazy-segmenter.ts';

const NOT_ASCII = /[^ -~]/;
const segmenter = new LazySegmenter();

/**
 * Texts whose characters stand alone, never joined to their neighbours, one or two cells each: Latin, Greek, Cyrillic, Hebrew,
 * Arabic, punctuation, control pictures, boxes, blocks and shapes with one cell, and from FIRST_WIDE on kana, Han and Hangul with two.
 */
const SIMPLE =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u0481\u048a-\u052f\u05d0-\u05ea\u0620-\u064a\u2010-\u2027\u2190-\u2193\u2400-\u2421\u2500-\u25fc\u3001-\u3020\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]*$/;
const FIRST_WIDE = 0x3001;

/** Widths and fitted cells of all other texts, which cost microseconds for each character to work out. */
const REMEMBERED = 1000;
const LONGEST_REMEMBERED = 2000;
const widths = new Map<string, number>();
const fitted = new Map<string, string>();

function remember<Value>(cache: Map<string, Value>, key: string, value: Value): Value {
  if (key.length > LONGEST_REMEMBERED) return value;
  // Emptying it all is enough: what is still on screen comes back within one frame.
  if (cache.size >= REMEMBERED) cache.clear();
  cache.set(key, value);
  return value;
}

function simpleWidth(text: string): number {
  let cells = text.length;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= FIRST_WIDE) cells++;
  return cells;
}

function simpleLengthWithin(text: string, cells: number): number {
  let used = 0;
  for (let index = 0; index < text.length; index++) {
    used += text.charCodeAt(index) >= FIRST_WIDE ? 2 : 1;
    if (used > cells) return index;
  }
  return text.length;
}

/** How many terminal cells a sanitised text takes: one for each ASCII character, two for each wide one, none for a mark. */
export function textWidth(text: string): number {
  if (!NOT_ASCII.test(text)) return text.length;
  if (SIMPLE.test(text)) return simpleWidth(text);
  return widths.get(text) ?? remember(widths, text, sumOfWidths(text));
}

/** Each code point by itself, as most terminals count: few join a mark of its own width to a wide character before it. */
function sumOfWidths(text: string): number {
  let cells = 0;
  for (const character of text) cells += character >= ' ' && character <= '~' ? 1 : characterWidth(character);
  return cells;
}

function characterWidth(character: string): number {
  return widths.get(character) ?? remember(widths, character, stringWidth(character));
}

/** Length in UTF-16 units of the longest beginning that takes no more than `cells` cells and cuts no character in two. */
function lengthWithin(text: string, cells: number): number {
  if (!NOT_ASCII.test(text)) return Math.min(text.length, cells);
  if (SIMPLE.test(text)) return simpleLengthWithin(text, cells);
  let used = 0;
  for (const {segment, index} of segmenter.segment(text)) {
    used += textWidth(segment);
    if (used > cells) return index;
  }
  return text.length;
}

/** As much of a text as can matter for a number of cells, so that a query of a megabyte is not measured to show a line of it. */
function head(text: string, cells: number): string {
  const end = 16 * cells + 16;
  const splitsPair = end < text.length && (text.codePointAt(end - 1) ?? 0) > 0xffff;
  return text.slice(0, splitsPair ? end - 1 : end);
}

type Align = 'left' | 'right';

function pad(text: string, width: number, align: Align): string {
  const padding = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + padding : padding + text;
}

/** Fits a text of which only the beginning is looked at. */
function fitBeginning(
  text: string,
  beginning: string,
  width: number,
  align: Align,
  ellipsis: string,
): string {
  if (lengthWithin(beginning, width) === text.length) return pad(text, width, align);
  const room = width - textWidth(ellipsis);
  return pad(room < 0 ? '' : beginning.slice(0, lengthWithin(beginning, room)) + ellipsis, width, align);
}

/**
 * A sanitised text made exactly `width` cells wide: padded with spaces on the side away from `align`, or cut and ended with
 * the ellipsis. A wide character that would be cut in two is left out and its place padded.
 */
export function fit(text: string, width: number, align: Align = 'left', ellipsis = '…'): string {
  if (width <= 0) return '';
  // Each unit of these takes a cell or more, so that nothing after them can matter.
  const near = text.slice(0, width + 1);
  if (SIMPLE.test(near)) return fitBeginning(text, near, width, align, ellipsis);
  const key = `${width}${align}${ellipsis}${text}`;
  const known = fitted.get(key);
  return known ?? remember(fitted, key, fitBeginning(text, head(text, width), width, align, ellipsis));
}

/** Length of what fits of a character that is wider than the line, such as a chain of Devanagari consonants; at least one code point. */
function brokenLength(text: string, cells: number): number {
  let length = 0;
  for (const codePoint of text) {
    if (length > 0 && textWidth(text.slice(0, length + codePoint.length)) > cells) break;
    length += codePoint.length;
  }
  return length;
}

/** How much of a text one line takes: all that is left, or what fits, but at least one character, or wrapping would never end. */
function lineLength(rest: string, width: number): number {
  const near = rest.slice(0, width + 1);
  if (!NOT_ASCII.test(near)) return Math.min(rest.length, width);
  const beginning = SIMPLE.test(near) ? near : head(rest, width);
  const length = lengthWithin(beginning, width);
  return length > 0 ? length : brokenLength(beginning, width);
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  let end = lineLength(rest, width);
  while (end < rest.length) {
    const space = rest.lastIndexOf(' ', end);
    // A line must hold more than its indentation, or a long word after it would leave it empty.
    const breaksAtSpace = space > 0 && rest.slice(0, space).trim() !== '';
    lines.push(rest.slice(0, breaksAtSpace ? space : end).trimEnd());
    rest = breaksAtSpace ? rest.slice(space).trimStart() : rest.slice(end);
    end = lineLength(rest, width);
  }
  return rest === '' && lines.length > 0 ? lines : [...lines, rest];
}

/**
 * A text over several lines of at most `width` cells, broken at spaces where possible and inside words otherwise; its own
 * newlines and indentation stay. Only where `width` is 1 a wide character sticks out.
 */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap(line => wrapLine(line, Math.max(1, width)));
}
