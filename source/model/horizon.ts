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
  // Ids go round; the id of a snapshot is never ahead of the next one by more than what was begun since that was read.
  const ageOf = (xid: string) => {
    const age = (((next % XIDS) - Number(xid)) % XIDS) + XIDS;
    return age % XIDS > XIDS / 2 ? 0 : age % XIDS;
  };
  const holders = reading.backends.flatMap(({pid, backendXmin, backendXid}): HorizonHolder[] => {
    const ages = [backendXmin, backendXid].flatMap(xid => (xid === null ? [] : [ageOf(xid)]));
    if (ages.length === 0) return [];
    return [{who: String(pid), age: Math.max(...ages)}];
  });
  const figures = replication.now?.figures;
  const slot = figures?.slot_xmin_age ?? null;
  const prepared = figures?.prepared_xmin_age ?? null;
  if (slot !== null) holders.push({who: 'slot', age: slot});
  if (prepared !== null) holders.push({who: 'prepared', age: prepared});
  return holders.reduce<HorizonHolder | null>(
    (oldest, holder) => (oldest === null || holder.age > oldest.age ? holder : oldest),
    null,
  );
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
