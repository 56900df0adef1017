import type {Backend} from '../model/backend.ts';
import type {Lock} from '../model/lock.ts';
import type {Doubt} from '../model/read-waits.ts';
import {type Reading, readLockWaits} from '../model/snapshot.ts';
import {type HolderId, isConfirmed, type Wait} from '../model/wait-graph.ts';
import type {Connection} from './connection.ts';
import {type BlockingPidsRow, blockingPidsStatement} from './queries/blocking-pids.ts';

/** Asks the server itself about waiters for whom a reading of pg_locks may be wrong. */
export type Referee = {
  /** pg_blocking_pids of those for whom it names others than the locks do, of as many as the budget allows. `hasActed`: somebody has done something since the time before. */
  judge(
    locks: readonly Lock[],
    backends: readonly Backend[],
    hasActed: boolean,
  ): Promise<Reading['blockingPids']>;
  /** Whether everybody about whom the locks may well be wrong has been asked about since somebody did something. */
  hasAskedAll(): boolean;
};

/** What one refresh may cost the server in all: an answer takes about 0.2 us a row of the lock that is waited for. */
const BUDGET = {rows: 12_000, waiters: 256};
/** And what of it may go to those for whom the locks are hardly ever wrong. */
const SETTLED_ROWS = 2_000;

/** A referee that asks first about those for whom the locks were wrong before, and gets round to everybody in turn. */
export function createReferee(connection: Connection): Referee {
  let wrongBefore: ReadonlySet<number> = new Set();
  let asked = new Set<number>();
  let judged: readonly Lock[] = [];
  let open: readonly number[] = [];
  const isAsked = ({pid}: Doubt) => asked.has(pid);
  const choose = (doubts: readonly Doubt[]) => {
    if (doubts.every(isAsked)) asked = new Set();
    const ranked: Ranked[] = [];
    for (const doubt of doubts) {
      const {pid, kind} = doubt;
      const later = asked.has(pid) ? KINDS.length : 0;
      ranked.push({doubt, rank: wrongBefore.has(pid) ? 0 : 1 + KINDS.indexOf(kind) + later});
    }
    return withinBudget(ranked.sort(byRank));
  };
  return {
    async judge(locks, backends, hasActed) {
      const {waits, doubts} = readLockWaits(locks, backends);
      const pids = choose(doubts);
      if (hasActed || judged !== locks) open = doubts.filter(isUnsettled).map(pidOf);
      judged = locks;
      if (pids.length === 0) return [];
      const rows = await connection.query<BlockingPidsRow>(blockingPidsStatement, [pids]);
      for (const pid of pids) asked.add(pid);
      open = open.filter(pid => !pids.includes(pid));
      const groups = Map.groupBy(waits, waiterOf);
      const waiters = new Map(waits.map(pidAndWaiter));
      const answers = rows
        .map(([pid, array]) => [Number(pid), readPids(array)] as const)
        .filter(([pid, blockers]) => {
          const own = groups.get(waiters.get(pid) ?? pid) ?? [];
          // Nobody: the wait has ended since, or is one that the function does not know, of a standby's startup process.
          return blockers.length > 0 && !isConfirmed(own, blockers);
        });
      wrongBefore = new Set(answers.map(([pid]) => pid));
      return answers;
    },
    hasAskedAll: () => open.length === 0,
  };
}

const KINDS: readonly Doubt['kind'][] = ['undecided', 'movable', 'settled'];

/** A waiter with its place among those who are to be asked about. */
type Ranked = {readonly doubt: Doubt; readonly rank: number};

function isUnsettled({kind}: Doubt): boolean {
  return kind !== 'settled';
}

function pidOf({pid}: Doubt): number {
  return pid;
}

function byRank(a: Ranked, b: Ranked): number {
  return a.rank - b.rank;
}

function waiterOf({waiter}: Wait): HolderId {
  return waiter;
}

function pidAndWaiter({pid, waiter}: Wait): readonly [number, HolderId] {
  return [pid, waiter];
}

function withinBudget(ranked: readonly Ranked[]): readonly number[] {
  let rows = 0;
  const chosen: number[] = [];
  for (const {doubt} of ranked) {
    rows += doubt.rows;
    const most = doubt.kind === 'settled' ? SETTLED_ROWS : BUDGET.rows;
    if (chosen.length > 0 && (rows > most || chosen.length >= BUDGET.waiters)) break;
    chosen.push(doubt.pid);
  }
  return chosen;
}

/** The pids of an int4[] as the server prints it: `{4711,0}`. */
function readPids(array: string): readonly number[] {
  return array.slice(1, -1).split(',').filter(Boolean).map(Number);
}
