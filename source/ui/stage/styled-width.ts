import stringWidth, {type Options} from 'string-width';
import {textWidth} from '../../model/text-width.ts';
import {styledRow} from './styled-row.ts';

/** Stands in for string-width under Ink: how many cells a text with its sequences takes, counted once a character only where it has to be. */
export function styledWidth(text: string, options?: Options): number {
  if (options !== undefined) return stringWidth(text, options);
  return text.includes('\u001b') ? (styledRow(text)?.cells ?? stringWidth(text)) : textWidth(text);
}
