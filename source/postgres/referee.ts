import type {Backend} from '../model/backend.ts';
import type {Lock} from '../model/lock.ts';
import type {Doubt} from '../model/read-waits.ts';
import {type Reading, readLockWaits} from '../model/snapshot.ts';
import {isConfirmed} from '../model/wait-graph.ts';
import type {Connection} from './connection.ts';
import {type BlockingPidsRow, blockingPidsStatement} from './queries/blocking-pids.ts';

/** Asks the server itself about waiters for whom a reading of pg_locks may be wrong. */
export type Referee = {
  /** pg_blocking_pids of those for whom it names others than the locks do, of as many as the budget allows. */
  judge(locks: readonly Lock[], backends: readonly Backend[]): Promise<Reading['blockingPids']>;
};

/** What one refresh may cost the server in all: an answer takes about 0.2 us a row of the lock that is waited for. */
const BUDGET = {rows: 12_000, waiters: 256};
/** And what of it may go to those for whom the locks are hardly ever wrong. */
const SETTLED_ROWS = 2_000;

/** A referee that asks first about those for whom the locks were wrong before, and gets round to everybody in turn. */
export function createReferee(connection: Connection): Referee {
  let wrongBefore: ReadonlySet<number> = new Set();
  let asked = new Set<number>();
  const choose = (doubts: readonly Doubt[]) => {
    if (doubts.every(({pid}) => asked.has(pid))) asked = new Set();
    const rankOf = ({pid, kind}: Doubt) =>
      wrongBefore.has(pid) ? 0 : 1 + KINDS.indexOf(kind) + (asked.has(pid) ? KINDS.length : 0);
    return withinBudget([...doubts].sort((a, b) => rankOf(a) - rankOf(b)));
  };
  return {
    async judge(locks, backends) {
      const {waits, doubts} = readLockWaits(locks, backends);
      const pids = choose(doubts);
      if (pids.length === 0) return [];
      const rows = await connection.query<BlockingPidsRow>(blockingPidsStatement, [pids]);
      for (const pid of pids) asked.add(pid);
      const groups = Map.groupBy(waits, ({waiter}) => waiter);
      const waiterOf = new Map(waits.map(({pid, waiter}) => [pid, waiter]));
      const answers = rows
        .map(([pid, array]) => [Number(pid), readPids(array)] as const)
        .filter(([pid, blockers]) => {
          const own = groups.get(waiterOf.get(pid) ?? pid) ?? [];
          // Nobody: the wait has ended since, or is one that the function does not know, of a standby's startup process.
          return blockers.length > 0 && !isConfirmed(own, blockers);
        });
      wrongBefore = new Set(answers.map(([pid]) => pid));
      return answers;
    },
  };
}

const KINDS: readonly Doubt['kind'][] = ['undecided', 'movable', 'settled'];

function withinBudget(doubts: readonly Doubt[]): readonly number[] {
  let rows = 0;
  const chosen: number[] = [];
  for (const doubt of doubts) {
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
