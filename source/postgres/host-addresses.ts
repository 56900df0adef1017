import {lookup} from 'node:dns/promises';
import type {ConnectionAttempt} from './resolve-connection/connection-plan.ts';

/** Every address of a place: a name that has several is several servers to try. Null stands for a socket. */
export async function addressesOf(
  {kind, host, address}: ConnectionAttempt,
  isShuffled: boolean,
): Promise<readonly (string | null)[]> {
  if (kind === 'socket') return [null];
  if (address !== undefined) return [address];
  const found = (await lookup(host, {all: true, order: 'verbatim'})).map(entry => entry.address);
  return isShuffled ? shuffled(found) : found;
}

/** The values in random order. */
export function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map(value => ({value, rank: Math.random()}))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({value}) => value);
}
