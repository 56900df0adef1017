import sanitiseExactly from '../../../node_modules/ink/build/sanitize-ansi.js';
import {withoutSgr} from './sgr.ts';

/** What may have to be taken out: every control character but tab and newline, sequences other than looks among them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** A mark belongs to the character before the sequence, which then has to wait. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what a sequence begins with.
const MARK_AFTER_LOOKS = /\u001b\[[\d;]*m\p{M}/u;

/** Stands in for the look that Ink takes at every text for sequences it cannot lay out: one that holds nothing but looks passes at once. */
export function sanitiseSequences(text: string): string {
  return CONTROL.test(withoutSgr(text)) || MARK_AFTER_LOOKS.test(text) ? sanitiseExactly(text) : text;
}
