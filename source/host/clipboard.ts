import {Buffer} from 'node:buffer';

/** Terminals cut or drop longer sequences. */
const LONGEST = 74_994;

/** The sequence that asks the terminal to put a text on its clipboard (OSC 52). The text travels encoded: nothing in it can reach the terminal as a control. */
export function clipboardSequence(text: string): string {
  const encoded = Buffer.from(text, 'utf8').subarray(0, LONGEST).toString('base64');
  return `\u001b]52;c;${encoded}\u0007`;
}
