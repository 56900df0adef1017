import {databaseMeters} from './database-meters.ts';
import {hostMeters} from './host-meters.ts';
import type {Meter} from './meter.ts';
import {sessionMeters} from './session-meters.ts';
import {walMeters} from './wal-meters.ts';

/** Every meter of the header, the most important first: what has no room is left out from the end. */
export const METERS: readonly Meter[] = [
  databaseMeters.xacts,
  databaseMeters.hit,
  walMeters.wal,
  sessionMeters.oldestXact,
  hostMeters.cpu,
  sessionMeters.horizon,
  walMeters.lag,
  walMeters.xidAge,
  sessionMeters.free,
  hostMeters.load,
  hostMeters.memory,
  hostMeters.read,
  hostMeters.write,
  databaseMeters.rowsOut,
  databaseMeters.rowsIn,
  databaseMeters.rollbacks,
  databaseMeters.temp,
  databaseMeters.deadlocks,
  walMeters.slots,
  walMeters.checkpoints,
  walMeters.archiver,
  walMeters.prepared,
  sessionMeters.autovacuum,
  databaseMeters.conflicts,
];
