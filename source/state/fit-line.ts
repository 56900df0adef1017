import {fit, textWidth} from '../model/text-width.ts';
import {asciiText} from './ascii-line.ts';
import type {Line, Span} from './line.ts';

/** The line made exactly `columns` cells wide: cut in the span where it gets too long, or padded with spaces. */
export function fitLine(line: Line, columns: number, isAscii: boolean): Line {
  const fitted: Span[] = [];
  let left = columns;
  line.spans.forEach((raw, index) => {
    if (left <= 0) return;
    const span = isAscii ? {...raw, text: asciiText(raw.text)} : raw;
    const width = textWidth(span.text);
    const isLast = index === line.spans.length - 1;
    const isCut =
      width > left ||
      (width === left && !isLast && line.spans.slice(index + 1).some(rest => rest.text.trim() !== ''));
    fitted.push(isCut ? {...span, text: fit(`${span.text} `, left, 'left', '+')} : span);
    left -= isCut ? left : width;
  });
  if (left > 0) fitted.push({text: ' '.repeat(left), tone: 'plain'});
  return {...line, spans: fitted};
}
