import {sanitise} from '../model/sanitise.ts';

/** How the user is called: the bell, or a notification of the desktop by one of the two sequences that terminals know. */
export type NotifyBy = 'bell' | 'osc9' | 'osc777';

/** What a notification shows at most. */
const LONGEST = 200;

/** The sequence that calls the user. The text is made safe here once more: in it nothing may end the sequence or begin another. */
export function notificationSequence(by: NotifyBy, title: string, text: string): string {
  // A semicolon divides the fields of the sequence.
  const field = (words: string) => sanitise(words).replaceAll(';', ',').slice(0, LONGEST).toWellFormed();
  switch (by) {
    case 'bell':
      return '\u0007';
    case 'osc9':
      return `\u001b]9;${field(`${title}: ${text}`)}\u0007`;
    case 'osc777':
      return `\u001b]777;notify;${field(title)};${field(text)}\u0007`;
    default:
      return by satisfies never;
  }
}
