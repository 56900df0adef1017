import type {LogUpdate} from '../../../node_modules/ink/build/log-update.js';
import {type Screen, screenUpdate} from './screen-update.ts';

/** What is written to, with its size where it has one. */
type Terminal = {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(bytes: string): unknown;
};

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
// A terminal that knows it shows nothing of a frame until all of it is there.
const BEGIN_FRAME = '\u001b[?2026h';
const END_FRAME = '\u001b[?2026l';
const ERASE_SCREEN = '\u001b[H\u001b[J';

/**
 * Stands in for the writer of Ink that puts whole frames on the terminal: it owns the screen from its first row on and writes the
 * cells that changed, between the marks of a synchronised update. There is no text cursor to place. Calling it gives whether anything had to be written.
 */
export function createScreenWriter(terminal: Terminal): LogUpdate {
  let standing: Screen | null = null;
  let frame: string | null = null;
  let size = '';
  let isCursorHidden = false;

  const sizeNow = () => `${terminal.columns}x${terminal.rows}`;
  // Terminals differ in what they keep when their size changes: the same frame has to be written again.
  const isResized = () => standing !== null && size !== sizeNow();

  // A terminal that tells no size tells 0.
  const screenOf = (text: string): Screen => {
    const rows = text.split('\n');
    const height = Math.max(terminal.rows ?? 0, rows.length);
    return {
      columns: terminal.columns || 80,
      rows: Array.from({length: height}, (_, y) => rows[y] ?? ''),
    };
  };
  const forget = () => {
    standing = null;
    frame = null;
  };
  const stand = (text: string, screen: Screen) => {
    standing = screen;
    frame = text;
    size = sizeNow();
  };
  const write = (text: string) => {
    const next = screenOf(text);
    const bytes = screenUpdate(isResized() ? null : standing, next);
    stand(text, next);
    const hidden = isCursorHidden ? '' : HIDE_CURSOR;
    isCursorHidden = true;
    // In one piece: each piece wakes whoever carries it to the terminal.
    if (hidden + bytes !== '') terminal.write(`${BEGIN_FRAME}${hidden}${bytes}${END_FRAME}`);
    return bytes !== '';
  };
  return Object.assign(write, {
    clear() {
      terminal.write(ERASE_SCREEN);
      forget();
    },
    done() {
      forget();
      terminal.write(SHOW_CURSOR);
      isCursorHidden = false;
    },
    reset: forget,
    sync: (text: string) => stand(text, screenOf(text)),
    willRender: (text: string) => text !== frame || isResized(),
    setCursorPosition: () => undefined,
    // Ink passes a frame that has not changed on only if this says so.
    isCursorDirty: isResized,
    getCursorPosition: () => undefined,
  });
}

/** The writers as Ink asks for one. */
export const screenWriters = {create: createScreenWriter};
