import {describe, expect, test} from 'vitest';
import {createScreenWriter} from '../../../source/ui/stage/screen-writer.ts';

/** A terminal of a size that can change, and what was written to it since it was last asked. */
function recordingTerminal() {
  let written = '';
  return {
    columns: 20,
    rows: 3,
    write(bytes: string) {
      written += bytes;
    },
    takeWritten() {
      const taken = written;
      written = '';
      return taken;
    },
  };
}

describe('a frame', () => {
  test('is written in one piece, marked for the terminal to show it whole', () => {
    const pieces: string[] = [];
    const writer = createScreenWriter({columns: 20, rows: 3, write: bytes => pieces.push(bytes)});
    writer('one');
    writer('two');
    expect(pieces).toHaveLength(2);
    for (const piece of pieces) {
      expect(piece.startsWith('\u001b[?2026h')).toBe(true);
      expect(piece.endsWith('\u001b[?2026l')).toBe(true);
    }
  });
});

describe('a frame that has not changed', () => {
  test('is not written again', () => {
    const terminal = recordingTerminal();
    const writer = createScreenWriter(terminal);
    expect(writer('one\ntwo')).toBe(true);
    terminal.takeWritten();
    expect(writer.isCursorDirty()).toBe(false);
    expect(writer.willRender('one\ntwo')).toBe(false);
    expect(writer('one\ntwo')).toBe(false);
    expect(terminal.takeWritten()).toBe('');
  });

  test.each([{columns: 21}, {columns: 19}, {rows: 4}, {rows: 2}])(
    'is written whole on a terminal that changed to %o',
    size => {
      const terminal = recordingTerminal();
      const writer = createScreenWriter(terminal);
      writer('one\ntwo');
      terminal.takeWritten();
      Object.assign(terminal, size);
      expect(writer.isCursorDirty()).toBe(true);
      expect(writer.willRender('one\ntwo')).toBe(true);
      expect(writer('one\ntwo')).toBe(true);
      const written = terminal.takeWritten();
      expect(written).toContain('one');
      expect(written).toContain('two');
      expect(writer.isCursorDirty()).toBe(false);
    },
  );
});
