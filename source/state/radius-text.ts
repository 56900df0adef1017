import type {BlastRadius} from '../model/blast-radius.ts';

/** How many are named before the rest is only counted. */
const NAMED = 3;

/** `, 9 stay behind 4711 and 4712`: who goes on waiting after a signal, to be put behind a number of those who are freed. Empty when nobody does. */
export function stayingText({stillWaiting, behind}: Pick<BlastRadius, 'stillWaiting' | 'behind'>): string {
  if (stillWaiting === 0) return '';
  const whom = namesText(behind.map(({id}) => id));
  return `, ${stillWaiting} stay${stillWaiting === 1 ? 's' : ''} behind ${whom}`;
}

/** Participants by their pids, the first few; a prepared transaction has none. */
export function namesText(ids: readonly number[]): string {
  const names = ids.slice(0, NAMED).map(id => (id <= 0 ? 'a prepared transaction' : String(id)));
  const others = ids.length - names.length;
  return others > 0 ? `${names.join(', ')} and ${others} more` : names.join(', ');
}

/** What becomes of those who wait behind one session (`it`) or several (`them`), as a sentence. */
export function radiusText(radius: BlastRadius, whom: 'it' | 'them'): string {
  const {freed, stillWaiting} = radius;
  const inTotal = freed + stillWaiting;
  if (inTotal === 0) return `Nobody ${whom === 'it' ? '' : 'else '}waits behind ${whom}.`;
  const waiting = inTotal === 1 ? '1 session waits' : `${inTotal} sessions wait`;
  return `${waiting} behind ${whom}: this frees ${freed} now${stayingText(radius)}.`;
}

/** The same in a few words, for a menu: `frees 3, 1 waits on`. */
export function shortRadiusText({freed, stillWaiting}: BlastRadius): string {
  const rest = stillWaiting === 0 ? '' : `, ${stillWaiting} wait${stillWaiting === 1 ? 's' : ''} on`;
  return freed + stillWaiting === 0 ? 'frees nobody' : `frees ${freed}${rest}`;
}
