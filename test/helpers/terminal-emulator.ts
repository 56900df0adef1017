import headless from '@xterm/headless';
import {captureScreen, type Screen} from './terminal-screen.ts';
import {adoptCurrentWidths} from './terminal-widths.ts';

/** A screen interpreter: xterm.js without a window, fed with the bytes that a program writes. */
export type Emulator = {
  /** Hands over bytes, which are interpreted a moment later. */
  write(bytes: string | Uint8Array): void;
  /** Resolves when everything handed over so far has been interpreted. */
  flush(): Promise<void>;
  /** The screen as far as it has been interpreted. */
  screen(): Screen;
  /** Whether a synchronised update (DEC mode 2026) is open: a real terminal shows nothing of it yet. */
  isUpdating(): boolean;
  /** Whether cursor keys are to be sent in their application form (DECCKM). */
  isApplicationCursor(): boolean;
  /** What was copied to the clipboard by OSC 52, oldest first. */
  readonly clipboard: readonly string[];
  /** What is switched on that a program has to switch off before it ends, in words; empty on a fresh terminal. */
  leftovers(): Promise<readonly string[]>;
  resize(columns: number, rows: number): void;
};

/** What xterm.js does not tell about itself. */
type Tracked = {cursorVisible: boolean; scrollRegion: string | undefined; keyboardModes: number};

function trackModes(terminal: headless.Terminal): Tracked {
  const fresh: Tracked = {cursorVisible: true, scrollRegion: undefined, keyboardModes: 0};
  const tracked = {...fresh};
  const {parser} = terminal;
  const setsCursor = (params: readonly (number | number[])[], visible: boolean): boolean => {
    if (params.includes(25)) tracked.cursorVisible = visible;
    return false;
  };
  const resets = (): boolean => {
    Object.assign(tracked, fresh);
    return false;
  };
  parser.registerCsiHandler({prefix: '?', final: 'h'}, params => setsCursor(params, true));
  parser.registerCsiHandler({prefix: '?', final: 'l'}, params => setsCursor(params, false));
  parser.registerCsiHandler({final: 'r'}, ([top, bottom]) => {
    const first = Number(top) || 1;
    const last = Number(bottom) || terminal.rows;
    tracked.scrollRegion =
      first > 1 || last < terminal.rows ? `scroll region ${first} to ${last}` : undefined;
    return false;
  });
  parser.registerCsiHandler({prefix: '>', final: 'u'}, () => {
    tracked.keyboardModes += 1;
    return false;
  });
  parser.registerCsiHandler({prefix: '<', final: 'u'}, ([count]) => {
    tracked.keyboardModes = Math.max(0, tracked.keyboardModes - (Number(count) || 1));
    return false;
  });
  parser.registerEscHandler({final: 'c'}, resets);
  parser.registerCsiHandler({intermediates: '!', final: 'p'}, resets);
  return tracked;
}

function recordClipboard(terminal: headless.Terminal): readonly string[] {
  const copied: string[] = [];
  terminal.parser.registerOscHandler(52, data => {
    const content = data.slice(data.indexOf(';') + 1);
    if (content !== '?') copied.push(Buffer.from(content, 'base64').toString('utf8'));
    return true;
  });
  return copied;
}

function modesLeft(terminal: headless.Terminal, tracked: Tracked): readonly string[] {
  const {modes} = terminal;
  const left: readonly (readonly [boolean, string])[] = [
    [terminal.buffer.active.type === 'alternate', 'alternate screen'],
    [!tracked.cursorVisible, 'hidden cursor'],
    [modes.synchronizedOutputMode, 'synchronised output'],
    [tracked.scrollRegion !== undefined, tracked.scrollRegion ?? ''],
    [tracked.keyboardModes > 0, 'kitty keyboard mode'],
    [modes.bracketedPasteMode, 'bracketed paste'],
    [modes.mouseTrackingMode !== 'none', 'mouse tracking'],
    [modes.sendFocusMode, 'focus reports'],
    [modes.applicationCursorKeysMode, 'application cursor keys'],
    [modes.applicationKeypadMode, 'application keypad'],
    [modes.insertMode, 'insert mode'],
    [modes.originMode, 'origin mode'],
    [!modes.wraparoundMode, 'no line wrap'],
  ];
  return left.filter(([isOn]) => isOn).map(([, words]) => words);
}

/** Whom the interpreter tells. */
export type EmulatorEvents = {
  /** Receives what a terminal replies to questions, such as the one for its device attributes. */
  readonly onAnswer: (bytes: string) => void;
  /** Called whenever the screen may have changed. */
  readonly onChange: () => void;
};

/** A fresh terminal of the given size. */
export function createEmulator(columns: number, rows: number, events: EmulatorEvents): Emulator {
  const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 1000});
  adoptCurrentWidths(terminal);
  const tracked = trackModes(terminal);
  // The terminal's own decoder loses a character of four bytes that comes in two pieces.
  const decoder = new TextDecoder();
  const decoded = (bytes: string | Uint8Array) =>
    typeof bytes === 'string' ? bytes : decoder.decode(bytes, {stream: true});
  const interpreted = (bytes: string): Promise<void> =>
    new Promise(resolve => terminal.write(bytes, resolve));
  terminal.onData(events.onAnswer);
  return {
    write: bytes => terminal.write(decoded(bytes), events.onChange),
    flush: () => interpreted(''),
    screen: () => captureScreen(terminal, tracked.cursorVisible),
    isUpdating: () => terminal.modes.synchronizedOutputMode,
    isApplicationCursor: () => terminal.modes.applicationCursorKeysMode,
    clipboard: recordClipboard(terminal),
    leftovers: async () => {
      const left = modesLeft(terminal, tracked);
      if (terminal.buffer.active.type === 'alternate') return left;
      // A letter on the other screen shows in which style the next text would come out, and leaves this one untouched.
      await interpreted('\u001b[?1049h\u001b[HX');
      const isPlain = terminal.buffer.active.getLine(0)?.getCell(0)?.isAttributeDefault() ?? true;
      await interpreted('\u001b[?1049l');
      return isPlain ? left : [...left, 'colours or text style'];
    },
    resize: (newColumns, newRows) => {
      terminal.resize(newColumns, newRows);
      events.onChange();
    },
  };
}
