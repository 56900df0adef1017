/** A moment of the server's clock: whole microseconds since 1970-01-01 UTC, PostgreSQL's own resolution. Exact as a number until the year 2255. */
export type Microseconds = number;

const FORM = /^(\d{4,6}-\d\d-\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:\+00(?::?00)?|Z)?$/;

/**
 * A timestamptz as the server prints it under `datestyle = ISO` and `timezone = UTC`, with all its microseconds.
 * Null for anything else, `infinity` included.
 */
export function parseTimestamp(text: string): Microseconds | null {
  const time = text.startsWith(lastDay.begin) ? timeOfDay(text, lastDay.begin.length) : null;
  return time === null ? parseAnyTimestamp(text) : lastDay.at + time;
}

/** The day of the timestamp read last, as it is printed; nearly all timestamps of a refresh are of one day. */
let lastDay = {begin: '1970-01-01 ', at: 0};

function parseAnyTimestamp(text: string): Microseconds | null {
  const parts = FORM.exec(text);
  if (parts === null) return null;
  const [, day = '', hour, minute, second, fraction = ''] = parts;
  const [year, month, date] = day.split('-').map(Number);
  const at = Date.UTC(year ?? Number.NaN, (month ?? 1) - 1, date) * 1_000;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (!Number.isFinite(at)) return null;
  lastDay = {begin: `${day} `, at};
  return at + seconds * 1_000_000 + Number(fraction.padEnd(6, '0'));
}

/** The time of a day, `21:30:00.123456+00` from a place in the text on; null when it is not that, or not to the end. It makes nothing that has to be collected. */
function timeOfDay(text: string, from: number): Microseconds | null {
  if (text.charCodeAt(from + 2) !== COLON || text.charCodeAt(from + 5) !== COLON) return null;
  const seconds = digits(text, from, 2) * 3600 + digits(text, from + 3, 2) * 60 + digits(text, from + 6, 2);
  const begin = from + 8;
  const end = text.length - ZONE.length;
  const decimals = text.charCodeAt(begin) === POINT ? end - begin - 1 : 0;
  if (decimals > 6 || end !== begin + (decimals > 0 ? 1 + decimals : 0) || !text.endsWith(ZONE)) return null;
  const at = seconds * 1_000_000 + digits(text, begin + 1, decimals) * 10 ** (6 - decimals);
  return Number.isNaN(at) ? null : at;
}

const ZONE = '+00';
const COLON = ':'.charCodeAt(0);
const POINT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);

/** The number that so many digits make; NaN when one of them is none. */
function digits(text: string, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number;
}

/** ISO 8601 in UTC with six decimals, as PostgreSQL's own JSON has it: `2026-11-22T21:30:00.123456Z`. */
export function isoTimestamp(at: Microseconds): string {
  const seconds = Math.floor(at / 1_000_000);
  const fraction = String(at - seconds * 1_000_000).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** Milliseconds from `start` to `now`, never negative: clocks that step back must not show ages below zero. Null when nothing started. */
export function ageMs(now: Microseconds, start: Microseconds | null): number | null {
  return start === null ? null : Math.max(0, (now - start) / 1000);
}
