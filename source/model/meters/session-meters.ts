import {isHidden} from '../backend.ts';
import {oldestHolder, oldestXact} from '../horizon.ts';
import type {Session} from '../session.ts';
import {countSessions} from '../session-counts.ts';
import {isReached} from '../thresholds.ts';
import {known, type Meter, NEEDS_STATS, NONE, notAvailable} from './meter.ts';

/** An open transaction is called old from here on, in milliseconds. */
const OLD_XACT_MS = 600_000;
/** A snapshot is called old when so many transactions began since: some per cent of what leads to a vacuum against wraparound. */
const OLD_SNAPSHOT = 10_000_000;

/** What the sessions themselves tell. */
export const sessionMeters = {
  oldestXact: {
    caption: 'oldest xact',
    description: 'age of the oldest open transaction, and the pid of its session',
    from: 'pg_stat_activity xact_start',
    unit: 'age',
    width: 16,
    source: null,
    value: snapshot => {
      if (snapshot.sessions.some(isHiddenSession)) return notAvailable(NEEDS_STATS);
      const oldest = oldestXact(snapshot);
      return oldest === null ? NONE : known(oldest.ageMs, ` ${oldest.pid}`, oldest.ageMs >= OLD_XACT_MS);
    },
  },
  horizon: {
    caption: 'vacuum held',
    description:
      'transactions since the oldest snapshot that keeps vacuum from removing rows, and who has it: a pid, a slot, a prepared transaction',
    from: 'pg_stat_activity backend_xmin, backend_xid; pg_replication_slots xmin, catalog_xmin; pg_prepared_xacts',
    unit: 'count',
    width: 16,
    source: 'wal',
    value: snapshot => {
      const holder = oldestHolder(snapshot);
      return holder === null
        ? NONE
        : known(holder?.age, ` ${holder?.who}`, (holder?.age ?? 0) >= OLD_SNAPSHOT);
    },
  },
  free: {
    caption: 'free',
    description: 'connections left for ordinary roles: max_connections without the reserves and those in use',
    from: 'max_connections, superuser_reserved_connections, reserved_connections',
    unit: 'count',
    width: 4,
    source: 'settings',
    value: (snapshot, {connections}) => {
      const {server, meters} = snapshot.reading;
      const figures = meters.settings.now?.figures;
      if (figures === undefined) return known(null);
      const reserved = (figures.superuser_reserved_connections ?? 0) + (figures.reserved_connections ?? 0);
      const free = Math.max(
        0,
        server.maxConnections - reserved - countSessions(snapshot.sessions).clients - 1,
      );
      return known(free, '', isReached(1 - free / server.maxConnections, connections));
    },
  },
  autovacuum: {
    caption: 'autovacuum',
    description: 'autovacuum workers at work, of how many',
    from: 'pg_stat_activity backend_type; autovacuum_max_workers',
    unit: 'count',
    width: 4,
    source: 'settings',
    value: ({reading, sessions}) => {
      const most = reading.meters.settings.now?.figures.autovacuum_max_workers;
      if (sessions.some(isHiddenSession)) return notAvailable(NEEDS_STATS);
      const workers = sessions.filter(isAutovacuumWorker).length;
      return most === undefined ? known(null) : known(workers, `/${most}`, workers >= (most ?? 0));
    },
  },
} as const satisfies Readonly<Record<string, Meter>>;

function isHiddenSession({backend}: Session): boolean {
  return isHidden(backend);
}

function isAutovacuumWorker({backend}: Session): boolean {
  return backend.backendType === 'autovacuum worker';
}
