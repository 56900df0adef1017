import {styledWidth} from './styled-width.ts';

/**
 * Stands in for what measures a text for Ink's layout, in cells and lines. Ink keeps thousands of the texts it has measured; here a text is a region
 * of the screen, which is another one at every refresh, and the width of a row is known already.
 */
export function measuredText(text: string): {readonly width: number; readonly height: number} {
  if (text === '') return {width: 0, height: 0};
  const lines = text.split('\n');
  return {width: Math.max(...lines.map(line => styledWidth(line))), height: lines.length};
}
