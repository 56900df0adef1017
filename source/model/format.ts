const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function two(count: number): string {
  return String(count).padStart(2, '0');
}

/**
 * A duration for a table cell, at most 7 characters: `12ms`, `3.2s`, `59s`, `12m03s`, `3h05m`, `2d04h`, `1000d`.
 * Rounded down, so that an age never shows a unit it has not reached. Milliseconds; empty for null.
 */
export function formatDuration(ms: number | null): string {
  if (ms === null) return '';
  const whole = Math.max(0, Math.floor(ms));
  if (whole < SECOND) return `${whole}ms`;
  if (whole < 10 * SECOND) return `${(Math.floor(whole / 100) / 10).toFixed(1)}s`;
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)}s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m${two(Math.floor((whole % MINUTE) / SECOND))}s`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)}h${two(Math.floor((whole % HOUR) / MINUTE))}m`;
  const days = Math.floor(whole / DAY);
  return days < 1000 ? `${days}d${two(Math.floor((whole % DAY) / HOUR))}h` : `${days}d`;
}

/** Two or three figures, in the first unit that keeps them below 1,000. */
function scaled(value: number, base: number, units: readonly string[]): string {
  const last = units.length - 1;
  const fitting = units.findIndex((_, power) => value / base ** power < 999.5);
  const power = fitting === -1 ? last : fitting;
  const shown = value / base ** power;
  return `${power > 0 && shown < 9.95 ? shown.toFixed(1) : Math.round(shown)}${units[power] ?? ''}`;
}

/** An amount of memory or disk for a table cell, at most 4 characters up to petabytes, in powers of 1,024: `512B`, `8.5K`, `104M`, `1.2G`. Bytes; empty for null. */
export function formatBytes(bytes: number | null): string {
  return bytes === null ? '' : scaled(Math.max(0, bytes), 1024, ['B', 'K', 'M', 'G', 'T', 'P']);
}

/** A count or rate for a narrow place, at most 4 characters up to 10^15: `950`, `1.2k`, `48k`, `3.1M`. Empty for null. */
export function formatCount(count: number | null): string {
  return count === null ? '' : scaled(Math.max(0, count), 1000, ['', 'k', 'M', 'G', 'T']);
}
