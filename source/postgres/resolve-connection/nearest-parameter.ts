import {PARAMETERS} from './parameters.ts';

/** What people type for a parameter whose name is too far from it to be called a slip. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['username', 'user'],
  ['role', 'user'],
  ['database', 'dbname'],
  ['db', 'dbname'],
  ['hostname', 'host'],
  ['server', 'host'],
  ['pass', 'password'],
  ['pwd', 'password'],
  ['ssl', 'sslmode'],
  ['timeout', 'connect_timeout'],
  ['appname', 'application_name'],
  ['sslca', 'sslrootcert'],
]);

/** The parameter that an unknown name was most likely meant to be; undefined when none is near. */
export function nearestParameter(unknown: string): string | undefined {
  const typed = unknown.toLowerCase();
  const bound = typed.length < 5 ? 1 : 2;
  const ranked = Object.keys(PARAMETERS)
    .map(name => ({name, distance: editDistance(typed, name)}))
    .toSorted((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  return OTHER_NAMES.get(typed) ?? (nearest && nearest.distance <= bound ? nearest.name : undefined);
}

/** Letters to add, drop, replace or swap with their neighbour (once each) to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({length: to.length + 1}, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwap && row > 1 && column > 1 ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
