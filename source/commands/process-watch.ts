import {findPostmaster, type Surroundings} from '../host/find-postmaster.ts';
import {readProcessTable} from '../host/read-process-table.ts';
import {processSnapshot} from '../model/process-snapshot.ts';
import {type Postmaster, type ProcessTable, withCpuShares} from '../model/process-table.ts';
import type {ServerPlace} from '../model/server-place.ts';
import type {Server, Snapshot} from '../model/snapshot.ts';
import {errorText} from '../postgres/sql-state.ts';

/** Reads a server's processes from this machine's process table while the server has no slot for a session. */
export type ProcessWatch = {
  /** Reads now and at the interval until stop(). */
  start(): void;
  /** Where it reads at all: now, and at the interval from now on. */
  look(): void;
  stop(): void;
  /** Reads now. */
  read(): void;
};

/** What the watch reads, and whom it tells. */
export type WatchOutside = {
  readonly around: Surroundings;
  /** Where the server was asked for a session; null before it was. */
  readonly place: () => ServerPlace | null;
  /** What an earlier session told of the server. */
  readonly server: () => Server | null;
  readonly intervalMs: () => number;
  readonly onRead: (snapshot: Snapshot) => void;
  /** Why the processes cannot be shown; null for a server that is on another machine. */
  readonly onMissing: (reason: string | null) => void;
};

/** The time over which the use of the processors is told, in microseconds: in a shorter one a tick would be too much of it. */
const LEAST_SPAN = 900_000;

/** How many times as long as a reading the pause after it is at least: a machine with thousands of processes is slow to tell of them. */
const LEAST_REST = 9;

/** A watch that has not begun. */
export function createProcessWatch(outside: WatchOutside): ProcessWatch {
  const {place, server, intervalMs, onRead, onMissing} = outside;
  let tableAt = createTableReader(outside);
  let timer: NodeJS.Timeout | null = null;

  const snapshotAt = (at: ServerPlace): Snapshot | null => {
    try {
      const table = tableAt(at);
      return table === null ? null : processSnapshot(table, at, server());
    } catch (error) {
      // The timer has nobody who would catch it, and now the program is wanted most.
      onMissing(errorText(error));
      return null;
    }
  };
  const read = () => {
    const at = place();
    const snapshot = at === null ? null : snapshotAt(at);
    if (snapshot !== null) onRead(snapshot);
  };
  const again = () => {
    const startedAt = performance.now();
    read();
    const spentMs = performance.now() - startedAt;
    timer = setTimeout(again, Math.max(intervalMs(), spentMs * LEAST_REST));
  };
  return {
    start() {
      if (timer === null) again();
    },
    look() {
      if (timer === null) return;
      clearTimeout(timer);
      again();
    },
    stop() {
      if (timer === null) return;
      clearTimeout(timer);
      timer = null;
      // The use of the processors since then would be that of another time.
      tableAt = createTableReader(outside);
    },
    read,
  };
}

/** Reads the processes of the server at a place, with the use of the processors since an earlier reading; null where there are none, which is told. */
function createTableReader({
  around,
  onMissing,
}: Pick<WatchOutside, 'around' | 'onMissing'>): (at: ServerPlace) => ProcessTable | null {
  let known: {readonly place: string; readonly postmaster: Postmaster} | null = null;
  let earlier: readonly ProcessTable[] = [];

  const tableAt = (at: ServerPlace): ProcessTable | null => {
    const name = `${at.host} ${at.address} ${at.port}`;
    const again = known?.place === name ? readProcessTable(known.postmaster, around.proc) : null;
    if (again !== null) return again;
    earlier = [];
    const found = findPostmaster(at, around);
    if (found.type !== 'found') {
      onMissing(found.type === 'not-found' ? found.reason : null);
      return null;
    }
    known = {place: name, postmaster: found.postmaster};
    return readProcessTable(found.postmaster, around.proc);
  };
  return at => {
    const table = tableAt(at);
    if (table === null) return null;
    const before = earlier.findLast(({readAt}) => readAt <= table.readAt - LEAST_SPAN) ?? earlier[0] ?? null;
    earlier = [...earlier.slice(Math.max(0, before === null ? 0 : earlier.indexOf(before))), table];
    return withCpuShares(table, before);
  };
}
