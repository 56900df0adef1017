import sanitiseExactly from '../../../node_modules/ink/build/sanitize-ansi.js';

/**
 * What may have to be taken out: every control character but tab and newline, and every sequence that is not one of looks. A mark
 * belongs to the character before such a sequence, which then has to wait.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const NOT_LOOKS = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?!\[[\d;]*m(?!\p{M}))/u;

/** Stands in for the look that Ink takes at every text for sequences it cannot lay out: one that holds nothing but looks passes at once. */
export function sanitiseSequences(text: string): string {
  return NOT_LOOKS.test(text) ? sanitiseExactly(text) : text;
}
