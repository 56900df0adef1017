import {sanitise} from '../model/sanitise.ts';
import {type Microseconds, parseTimestamp} from '../model/timestamp.ts';

/** A number from the server's text; null for NULL. */
export function numberOrNull(text: string | null): number | null {
  return text === null ? null : Number(text);
}

/** A text of the server, sanitised; null for NULL. */
export function textOrNull(text: string | null): string | null {
  return text === null ? null : sanitise(text);
}

/** A timestamptz from the server's text; null for NULL and for one that is no moment. */
export function timeOrNull(text: string | null): Microseconds | null {
  return text === null ? null : parseTimestamp(text);
}
