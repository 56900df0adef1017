import {fit} from '../model/text-width.ts';
import {asciiText} from './ascii-line.ts';
import type {State} from './state.ts';

/** Ends a cut cell. ASCII, as in top: a line of ASCII alone is drawn several times faster than one with an ellipsis in it. */
const CUT = '+';

/** A text made exactly `width` cells wide; with --ascii in ASCII letters first, since that can change its width. */
export function cell(
  {options}: Pick<State, 'options'>,
  text: string,
  width: number,
  align: 'left' | 'right' = 'left',
): string {
  return fit(options.isAscii ? asciiText(text) : text, width, align, CUT);
}
