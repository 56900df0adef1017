import {fit, textWidth, wrapText} from '../model/text-width.ts';
import {type Line, lineText, type Span, span} from './line.ts';
import type {State} from './state.ts';

/** The longest a fact may be: a name of the client's choice must not push the others off. */
const FACT_WIDTH = 32;

/** Values that stand on a line of their own. */
const WHOLE: ReadonlySet<string> = new Set(['query', 'title']);

/** A name and a value of a dialog. */
export function field(name: string, value: string): readonly Span[] {
  const isCut = textWidth(value) > FACT_WIDTH && !WHOLE.has(name);
  const shown = isCut ? fit(value, FACT_WIDTH, 'left', '+') : value;
  return [span(` ${name} `, 'dim'), span(shown, 'strong')];
}

/** Facts on as many lines as they need. */
export function flow(facts: readonly (readonly Span[])[], columns: number): readonly Line[] {
  const lines: Line[] = [];
  for (const fact of facts) {
    const last = lines.at(-1);
    const joined = {spans: [...(last?.spans ?? []), ...fact]};
    if (last !== undefined && textWidth(lineText(joined)) <= columns) lines[lines.length - 1] = joined;
    else lines.push({spans: fact});
  }
  return lines;
}

/** A text wrapped to the terminal, each line indented by a cell. */
export function sentences(text: string, {columns}: Pick<State, 'columns'>): readonly string[] {
  return wrapText(text, Math.max(10, columns - 2)).map(part => ` ${part}`);
}
