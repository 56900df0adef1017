import {closeSync, openSync, writeSync} from 'node:fs';
import {isatty, ReadStream} from 'node:tty';

/** No password was typed: Ctrl-C (or Ctrl-\), Ctrl-D on an empty line or a terminal that went away, or no terminal to ask on. */
export class PasswordPromptError extends Error {
  override readonly name = 'PasswordPromptError';
  readonly reason: 'interrupted' | 'ended' | 'no-terminal';

  constructor(reason: 'interrupted' | 'ended' | 'no-terminal', options?: ErrorOptions) {
    super(MESSAGES[reason], options);
    this.reason = reason;
  }
}

const MESSAGES = {
  interrupted: 'the password prompt was interrupted',
  ended: 'no password was typed',
  'no-terminal': 'there is no terminal to ask for a password on',
} as const;

/** What the keys so far amount to. */
export type TypedPassword = {
  readonly status: 'typing' | 'entered' | 'interrupted' | 'ended';
  readonly text: string;
};

const ESCAPE = '\u001B';
/** Arrow and function keys; a sequence that is cut off waits for its rest. */
const KEY_SEQUENCE = new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]?|O[A-Za-z]?)?`, 'g');

/**
 * The line that a terminal's raw input spells: backspace takes one character back, Ctrl-U all of them, Enter ends it,
 * Ctrl-C and Ctrl-\ interrupt, Ctrl-D ends an empty line. Other control keys and key sequences count for nothing.
 */
export function typedPassword(input: string): TypedPassword {
  const typed: string[] = [];
  for (const key of input.replace(KEY_SEQUENCE, '')) {
    if (key === '\r' || key === '\n') return {status: 'entered', text: typed.join('')};
    if (key === '\u0003' || key === '\u001C') return {status: 'interrupted', text: ''};
    if (key === '\u0004' && typed.length === 0) return {status: 'ended', text: ''};
    if (key === '\u007F' || key === '\b') typed.pop();
    else if (key === '\u0015') typed.length = 0;
    else if (key === '\t' || !/\p{Cc}/u.test(key)) typed.push(key);
  }
  return {status: 'typing', text: typed.join('')};
}

/**
 * Asks for a password on the controlling terminal, or on stdin when there is none but stdin is a terminal; nothing that is
 * typed is shown. The terminal gets its settings back however this ends. @throws PasswordPromptError
 */
export async function promptPassword(prompt: string): Promise<string> {
  const terminal = openTerminal();
  if (terminal === null) throw new PasswordPromptError('no-terminal');
  const {input, write, close} = terminal;
  try {
    input.setRawMode(true);
    write(prompt);
    const typed = await readKeys(input);
    write('\n');
    if (typed.status === 'entered') return typed.text;
    throw new PasswordPromptError(typed.status === 'interrupted' ? 'interrupted' : 'ended');
  } finally {
    restore(input);
    close();
  }
}

/** A terminal that hung up refuses its settings, which nobody misses then: without a listener the error would end the process. */
function restore(input: ReadStream): void {
  const onGone = () => undefined;
  input.on('error', onGone);
  input.setRawMode(false);
  input.off('error', onGone);
}

type Terminal = {readonly input: ReadStream; write(text: string): void; close(): void};

function openTerminal(): Terminal | null {
  const controlling = openControllingTerminal();
  if (controlling !== null) {
    const input = new ReadStream(controlling);
    return {input, write: text => writeSync(controlling, text), close: () => input.destroy()};
  }
  const {stdin} = process;
  if (!stdin.isTTY) return null;
  return {input: stdin, write: text => writeSync(2, text), close: () => stdin.pause()};
}

function openControllingTerminal(): number | null {
  try {
    const descriptor = openSync('/dev/tty', 'r+');
    if (isatty(descriptor)) return descriptor;
    closeSync(descriptor);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A process without a terminal gets ENXIO; a container may lack the device or forbid it.
    if (code === 'ENXIO' || code === 'ENOENT' || code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

/** Reads until the line is decided. @throws PasswordPromptError when the terminal hangs up */
function readKeys(input: ReadStream): Promise<TypedPassword> {
  const {promise, resolve, reject} = Promise.withResolvers<TypedPassword>();
  const decoder = new TextDecoder();
  let received = '';
  const onData = (bytes: Buffer) => {
    received += decoder.decode(bytes, {stream: true});
    const typed = typedPassword(received);
    if (typed.status !== 'typing') resolve(typed);
  };
  const onGone = (error?: Error) => reject(new PasswordPromptError('ended', {cause: error}));
  input.on('data', onData).on('end', onGone).on('error', onGone);
  input.resume();
  return promise.finally(() => input.off('data', onData).off('end', onGone).off('error', onGone));
}
