import {WAIT_CLASSES, type WaitClass} from '../model/load.ts';
import {type Span, span, type Tone} from './line.ts';
import type {State} from './state.ts';

/** How each class looks, and the letter that stands for it where there are no colours to tell them apart. */
export const LOOKS: Readonly<Record<WaitClass, {readonly tone: Tone; readonly letter: string}>> = {
  CPU: {tone: 'active', letter: 'C'},
  IO: {tone: 'match', letter: 'I'},
  Lock: {tone: 'blocking', letter: 'L'},
  LWLock: {tone: 'waiting', letter: 'W'},
  Client: {tone: 'idle-in-xact', letter: 'N'},
  IPC: {tone: 'strong', letter: 'P'},
  Timeout: {tone: 'dim', letter: 'T'},
  other: {tone: 'plain', letter: 'O'},
};

const EIGHTHS = '▁▂▃▄▅▆▇█';
/** True where letters tell the classes apart: without colours, and where blocks cannot be drawn. */
export function hasLetters({options}: Pick<State, 'options'>): boolean {
  return options.isAscii || !options.hasColor;
}

/** The part of a stack that lies in one cell: the class that has most of it, as high as the stack reaches into the cell. */
export function stackCell(
  stack: readonly number[],
  row: number,
  perRow: number,
  isLettered: boolean,
  isCores = false,
): Span {
  const [low, high] = [row * perRow, (row + 1) * perRow];
  let from = 0;
  let most: {readonly name: WaitClass; readonly part: number} | null = null;
  for (const [index, name] of WAIT_CLASSES.entries()) {
    const to = from + (stack[index] ?? 0);
    const part = Math.min(to, high) - Math.max(from, low);
    if (part > 0 && part > (most?.part ?? 0)) most = {name, part};
    from = to;
  }
  const eighths = Math.round(Math.min(1, Math.max(0, (from - low) / perRow)) * 8);
  if (most === null || eighths === 0) return span(isCores ? '-' : ' ', 'dim');
  const {tone, letter} = LOOKS[most.name];
  if (isLettered) return eighths >= 4 ? span(letter, tone) : span('.', tone);
  return span(EIGHTHS[eighths - 1] ?? ' ', tone);
}

/** A bar of `width` cells for the averages by class, as much of it filled as they are of `full`. */
export function stackBar(
  averages: readonly number[],
  full: number,
  width: number,
  isLettered: boolean,
): readonly Span[] {
  let sum = 0;
  let drawn = 0;
  const parts = WAIT_CLASSES.map((name, index): Span => {
    sum += averages[index] ?? 0;
    const to = full <= 0 ? 0 : Math.min(width, Math.round((sum / full) * width));
    const cells = to - drawn;
    drawn = to;
    return span((isLettered ? LOOKS[name].letter : '█').repeat(cells), LOOKS[name].tone);
  });
  return [...parts.filter(({text}) => text !== ''), span(' '.repeat(width - drawn))];
}
