/** A source of numbers that look random and are the same on every run. */
export type Random = {
  /** A whole number from 0 to `limit` - 1. */
  readonly below: (limit: number) => number;
  /** One of these. */
  readonly pick: <Value>(values: readonly [Value, ...Value[]]) => Value;
};

/** Random numbers that follow from a seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return {below, pick: values => values[below(values.length)] ?? values[0]};
}
