import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';
import {openTerminal, type Terminal, type TerminalOptions} from './terminal.ts';

/** The path of a small program in test/fixtures, by its name without the ending. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}.mjs`, import.meta.url));
}

/** A terminal that is closed when the running test is over, whether it passed or failed. */
export async function openTestTerminal(options: TerminalOptions): Promise<Terminal> {
  const terminal = await openTerminal(options);
  onTestFinished(() => terminal.close());
  return terminal;
}
