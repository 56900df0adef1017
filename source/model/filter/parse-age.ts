const UNIT_MS = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000} satisfies Record<string, number>;

function isUnit(unit: string): unit is keyof typeof UNIT_MS {
  return Object.hasOwn(UNIT_MS, unit);
}

/** An age as filter expressions write it, `30s`, `1.5h`, `250ms`, seconds without a unit, in milliseconds. Null for anything else. */
export function parseAge(text: string): number | null {
  const [, amount, unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)([a-z]*)$/i.exec(text) ?? [];
  if (amount === undefined) return null;
  const name = unit === '' ? 's' : unit.toLowerCase();
  return isUnit(name) ? Number(amount) * UNIT_MS[name] : null;
}
