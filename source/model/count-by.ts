/** How often each value occurs, the most frequent first, equal counts by name. */
export function countBy<T>(
  values: readonly T[],
  nameOf: (value: T) => string,
): readonly (readonly [name: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(nameOf(value), (counts.get(nameOf(value)) ?? 0) + 1);
  return [...counts].sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1));
}
