import {fieldNames} from './filter-terms.ts';

/** Names that PostgreSQL, psql and other monitors use for our fields. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  usename: 'user',
  username: 'user',
  role: 'user',
  datname: 'db',
  database: 'db',
  dbname: 'db',
  application: 'app',
  application_name: 'app',
  client_addr: 'client',
  address: 'client',
  host: 'client',
  ip: 'client',
  sql: 'query',
  duration: 'query',
  time: 'query',
  status: 'state',
  event: 'wait',
  wait_event: 'wait',
  wait_event_type: 'wait',
  backend_type: 'type',
  tx: 'xact',
  txn: 'xact',
  transaction: 'xact',
  query_id: 'queryid',
};

/** How many letters must be added, removed or replaced to turn one word into the other. */
function editDistance(one: string, other: string): number {
  const first = Array.from({length: other.length + 1}, (_, index) => index);
  const last = Array.from(one).reduce<number[]>((above, letter, row) => {
    const distances = [row + 1];
    for (let column = 1; column <= other.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1);
      distances.push(Math.min(replaced, (above[column] ?? 0) + 1, (distances[column - 1] ?? 0) + 1));
    }
    return distances;
  }, first);
  return last[other.length] ?? 0;
}

/** The field somebody may have meant who wrote a name that is none; null when nothing is near. */
export function suggestField(name: string): string | null {
  const lower = name.toLowerCase();
  if (lower.length > 20) return null;
  const known = [...fieldNames, ...Object.keys(OTHER_NAMES)].map(candidate => ({
    candidate,
    distance: editDistance(lower, candidate),
  }));
  const nearest = known.reduce((best, next) => (next.distance < best.distance ? next : best));
  const isNear = nearest.distance <= Math.max(1, Math.floor(lower.length / 3));
  return isNear && lower.length > 1 ? (OTHER_NAMES[nearest.candidate] ?? nearest.candidate) : null;
}
