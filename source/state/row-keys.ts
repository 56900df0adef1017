const KEYS = new WeakMap<readonly {readonly key: string}[], readonly string[]>();

/** The keys of some rows in their order, by which a cursor finds its row; remembered with the rows. */
export function rowKeys(rows: readonly {readonly key: string}[]): readonly string[] {
  const known = KEYS.get(rows);
  if (known !== undefined) return known;
  const keys = rows.map(keyOf);
  KEYS.set(rows, keys);
  return keys;
}

function keyOf({key}: {readonly key: string}): string {
  return key;
}
