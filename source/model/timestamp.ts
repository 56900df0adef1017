/** A moment of the server's clock: whole microseconds since 1970-01-01 UTC, PostgreSQL's own resolution. Exact as a number until the year 2255. */
export type Microseconds = number;

const FORM = /^(\d{4,6}-\d\d-\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:\+00(?::?00)?|Z)?$/;

/**
 * A timestamptz as the server prints it under `datestyle = ISO` and `timezone = UTC`, with all its microseconds.
 * Null for anything else, `infinity` included.
 */
export function parseTimestamp(text: string): Microseconds | null {
  const parts = FORM.exec(text);
  if (parts === null) return null;
  const [, day = '', hour, minute, second, fraction = ''] = parts;
  const seconds = startOfDay(day) + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return Number.isFinite(seconds) ? seconds * 1_000_000 + Number(fraction.padEnd(6, '0')) : null;
}

let lastDay = {day: '', seconds: 0};

/** Seconds from 1970 to midnight of a day; nearly all timestamps of a refresh are of one day. */
function startOfDay(day: string): number {
  if (day !== lastDay.day) {
    const [year, month, date] = day.split('-').map(Number);
    lastDay = {day, seconds: Date.UTC(year ?? Number.NaN, (month ?? 1) - 1, date) / 1000};
  }
  return lastDay.seconds;
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
