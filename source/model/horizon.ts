import {isHidden} from './backend.ts';
import type {Snapshot} from './snapshot.ts';

/** What keeps vacuum from removing rows, and since how many transactions. */
export type HorizonHolder = {readonly who: string; readonly age: number};

const XIDS = 2 ** 32;

/**
 * Who holds the oldest snapshot of the server: a session (backend_xmin, backend_xid), a replication slot (with it what a standby
 * feeds back), or a prepared transaction. Age in transactions. Null when nobody holds one, undefined before the next transaction id is known.
 */
export function oldestHolder({reading}: Snapshot): HorizonHolder | null | undefined {
  const {wal, replication} = reading.meters;
  const next = wal.now?.figures.next_xid;
  if (typeof next !== 'number') return undefined;
  let oldest: HorizonHolder | null = null;
  for (const {pid, backendXmin, backendXid} of reading.backends) {
    const age = Math.max(ageOf(backendXmin, next), ageOf(backendXid, next));
    if (age > (oldest?.age ?? -1)) oldest = {who: String(pid), age};
  }
  const figures = replication.now?.figures;
  for (const [who, age] of [
    ['slot', figures?.slot_xmin_age ?? -1],
    ['prepared', figures?.prepared_xmin_age ?? -1],
  ] as const)
    if (age > (oldest?.age ?? -1)) oldest = {who, age};
  return oldest;
}

/** How many transactions ago an id was the next one; -1 for none. */
function ageOf(xid: string | null, next: number): number {
  if (xid === null) return -1;
  // Ids go round; the id of a snapshot is never ahead of the next one by more than what was begun since that was read.
  const age = ((((next % XIDS) - Number(xid)) % XIDS) + XIDS) % XIDS;
  return age > XIDS / 2 ? 0 : age;
}

/** The session with the oldest open transaction; null when there is none. */
export function oldestXact({sessions}: Snapshot): {readonly pid: number; readonly ageMs: number} | null {
  let oldest: {pid: number; ageMs: number} | null = null;
  for (const {backend, xactAgeMs} of sessions) {
    if (xactAgeMs === null || isHidden(backend) || backend.backendType === 'walsender') continue;
    if (oldest === null || xactAgeMs > oldest.ageMs) oldest = {pid: backend.pid, ageMs: xactAgeMs};
  }
  return oldest;
}
