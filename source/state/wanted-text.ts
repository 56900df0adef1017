import {formatDuration} from '../model/format.ts';
import type {Snapshot} from '../model/snapshot.ts';
import {ageMs} from '../model/timestamp.ts';
import type {Wait} from '../model/wait-graph.ts';
import {waitObject} from '../model/wait-object.ts';

/** What a wait is for: `for Share on transaction 812, open 3.2s`. */
export function wantedText(snapshot: Snapshot, wait: Wait): string {
  const {lock} = wait;
  const xactAge = lock.locktype === 'transactionid' ? holderXactAgeMs(snapshot, wait) : null;
  const open = xactAge === null ? '' : `, open ${formatDuration(xactAge)}`;
  return `for ${lock.mode.replace(/Lock$/, '')} on ${waitObject(lock, snapshot.relationNames)}${open}`;
}

/** How long the transaction has been open whose end is waited for. Milliseconds; null when its session is not known. */
function holderXactAgeMs({byPid, preparedXacts, reading}: Snapshot, {hard}: Wait): number | null {
  const [holder = 0] = hard;
  const prepared = preparedXacts.get(holder)?.prepared ?? null;
  return byPid.get(holder)?.xactAgeMs ?? ageMs(reading.collectedAt, prepared);
}
