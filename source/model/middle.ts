/** The middle one of some values, the lower of two; 0 for none. */
export function middle(values: readonly number[]): number {
  return values.toSorted(ascending)[Math.floor((values.length - 1) / 2)] ?? 0;
}

function ascending(a: number, b: number): number {
  return a - b;
}
