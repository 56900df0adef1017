import type {IBufferCell, Terminal} from '@xterm/headless';

/** A colour: an index into the palette of 256, `#rrggbb`, or null for the terminal's own. */
export type Color = number | string | null;

/** One cell as it is drawn. The right half of a wide character has no characters and width 0. */
export type Cell = {
  readonly chars: string;
  readonly width: number;
  readonly fg: Color;
  readonly bg: Color;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly strikethrough: boolean;
};

/** What a person in front of the terminal sees at one moment; it does not change afterwards. Positions count from 0. */
export type Screen = {
  readonly columns: number;
  readonly rows: number;
  /** One string per row, without the blanks at its end. */
  readonly lines: readonly string[];
  /** The lines joined by newlines. */
  readonly text: string;
  readonly cursor: {readonly x: number; readonly y: number; readonly visible: boolean};
  /** Whether this is the alternate screen (DEC mode 1047 or 1049). */
  readonly isAlternate: boolean;
  /** The cell at column x of row y; throws outside the screen. */
  cell(x: number, y: number): Cell;
  /** The first place of the text in reading order, in cells, never across two rows; undefined where it does not occur. */
  find(text: string | RegExp): {readonly x: number; readonly y: number} | undefined;
};

function hexadecimal(color: number): string {
  return `#${color.toString(16).padStart(6, '0')}`;
}

function cellOf(cell: IBufferCell): Cell {
  const width = cell.getWidth();
  return {
    chars: cell.getChars() || (width === 0 ? '' : ' '),
    width,
    fg: cell.isFgDefault() ? null : cell.isFgRGB() ? hexadecimal(cell.getFgColor()) : cell.getFgColor(),
    bg: cell.isBgDefault() ? null : cell.isBgRGB() ? hexadecimal(cell.getBgColor()) : cell.getBgColor(),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
    strikethrough: cell.isStrikethrough() !== 0,
  };
}

function cellsOf(terminal: Terminal): readonly (readonly Cell[])[] {
  const buffer = terminal.buffer.active;
  const reused = buffer.getNullCell();
  return Array.from({length: terminal.rows}, (_, y) => {
    const line = buffer.getLine(buffer.baseY + y);
    return Array.from({length: terminal.cols}, (_, x) =>
      cellOf(line?.getCell(x, reused) ?? buffer.getNullCell()),
    );
  });
}

/** The cell column at which the given index into the text of a row falls. */
function columnAt(row: readonly Cell[], index: number): number {
  let length = 0;
  const column = row.findIndex(cell => {
    length += cell.chars.length;
    return length > index;
  });
  return column === -1 ? row.length : column;
}

function findIn(
  cells: readonly (readonly Cell[])[],
  wanted: string | RegExp,
): {x: number; y: number} | undefined {
  for (const [y, row] of cells.entries()) {
    const text = row.map(cell => cell.chars).join('');
    const index = typeof wanted === 'string' ? text.indexOf(wanted) : text.search(wanted);
    if (index !== -1) return {x: columnAt(row, index), y};
  }
  return undefined;
}

/** Copies what the interpreter shows now. */
export function captureScreen(terminal: Terminal, isCursorVisible: boolean): Screen {
  const cells = cellsOf(terminal);
  const lines = cells.map(row =>
    row
      .map(cell => cell.chars)
      .join('')
      .trimEnd(),
  );
  const buffer = terminal.buffer.active;
  return {
    columns: terminal.cols,
    rows: terminal.rows,
    lines,
    text: lines.join('\n'),
    cursor: {x: buffer.cursorX, y: buffer.cursorY, visible: isCursorVisible},
    isAlternate: buffer.type === 'alternate',
    cell: (x, y) => {
      const cell = cells[y]?.[x];
      if (cell === undefined) {
        throw new RangeError(`There is no cell ${x},${y} on ${terminal.cols}x${terminal.rows} cells.`);
      }
      return cell;
    },
    find: wanted => findIn(cells, wanted),
  };
}

/** The screen in a frame, for a failure message: row numbers, and what cannot be seen in text said in words. */
export function printScreen(screen: Screen): string {
  const {cursor} = screen;
  const rule = `   +${'-'.repeat(screen.columns)}`;
  const rows = screen.lines.map((line, y) => `${String(y).padStart(2)} |${line}`);
  const which = screen.isAlternate ? 'alternate screen' : 'normal screen';
  const where = `cursor ${cursor.visible ? 'visible' : 'hidden'} at column ${cursor.x}, row ${cursor.y}`;
  return [`${which} ${screen.columns}x${screen.rows}, ${where}`, rule, ...rows, rule].join('\n');
}
