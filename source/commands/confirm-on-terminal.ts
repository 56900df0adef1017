import {createInterface} from 'node:readline/promises';
import {COUNT_TYPED_FROM} from '../model/batch.ts';
import type {SignalAction} from '../model/signal.ts';

/** Shows what would be signalled and asks on the terminal: `y`, from five sessions on their count. Resolves with whether it was confirmed. */
export async function confirmOnTerminal(
  action: SignalAction,
  count: number,
  listing: string,
): Promise<boolean> {
  const expected = count < COUNT_TYPED_FROM ? 'y' : String(count);
  const what = action === 'cancel' ? 'Cancel the query of' : 'Terminate';
  const whom = count === 1 ? 'this session' : `these ${count} sessions`;
  const terminal = createInterface({input: process.stdin, output: process.stderr});
  const gone = new AbortController();
  terminal.on('close', () => gone.abort());
  try {
    const question = `${listing}\n${what} ${whom}? Type ${expected} to do it: `;
    return (await terminal.question(question, {signal: gone.signal})).trim() === expected;
  } catch (error) {
    // Ctrl-D and Ctrl-C are answers too.
    if (error instanceof Error && error.name === 'AbortError') return false;
    throw error;
  } finally {
    terminal.close();
  }
}
