const STEPS: Readonly<Record<string, number | undefined>> = {
  up: -1,
  down: 1,
  pageup: -8,
  pagedown: 8,
  home: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
};

/** The first entry in sight of a dialog's list after a key; null for a key that scrolls nothing. */
export function scrolledList(key: string, scroll: number, count: number): number | null {
  const step = STEPS[key];
  return step === undefined ? null : Math.max(0, Math.min(count - 1, scroll + step));
}
