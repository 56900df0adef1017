import type {Backend} from '../../source/model/backend.ts';
import type {PreparedXact} from '../../source/model/lock.ts';
import {NO_METERS} from '../../source/model/meter-reading.ts';
import {NO_PROCESSES} from '../../source/model/process-figures.ts';
import {type Reading, type Server, type Snapshot, snapshotOf} from '../../source/model/snapshot.ts';
import {backend} from './builders.ts';
import {held, ORDERS, wanted} from './locks.ts';

/** The server's clock at a reading, unless a test says otherwise: 2026-09-21T14:13:20Z. */
export const NOW = 1_790_000_000_000_000;
export const SECOND = 1_000_000;

const SERVER: Server = {
  version: '18.4 (Debian 18.4-1)',
  versionNum: 180_004,
  host: 'db.example',
  port: 5432,
  user: 'monitor',
  database: 'shop',
  inRecovery: false,
  maxConnections: 100,
  encryption: {type: 'socket'},
  identity: {
    systemIdentifier: '7700000000000000000',
    startedAt: NOW - 86_400 * SECOND,
    address: '10.0.0.7:5432',
  },
};

const READING: Reading = {
  collectedAt: NOW,
  server: SERVER,
  own: {pid: 99, backendStart: NOW - 60 * SECOND},
  backends: [],
  locks: [],
  blockingPids: [],
  firstSeen: [],
  preparedXacts: [],
  relationNames: [[`${ORDERS.database}/${ORDERS.relation}`, 'orders']],
  progress: [],
  processes: NO_PROCESSES,
  meters: NO_METERS,
  lockedCatalogs: [],
  rights: {isSuperuser: true, roles: []},
  virtualTransactions: null,
  isPartlyHidden: false,
  failures: [],
  processTable: null,
};

/** The server of a reading, with what a test says about it instead. */
export function server(differences: Partial<Server> = {}): Server {
  return {...SERVER, ...differences};
}

/** A reading of a server without sessions, with what a test says about it instead. */
export function reading(differences: Partial<Reading> = {}): Reading {
  return {...READING, ...differences};
}

/** The snapshot of such a reading. */
export function snapshot(differences: Partial<Reading> = {}): Snapshot {
  return snapshotOf(reading(differences));
}

/** A session of this pid that began an hour ago and has run its query for as many seconds. */
export function running(pid: number, seconds: number, differences: Partial<Backend> = {}): Backend {
  const queryStart = NOW - seconds * SECOND;
  return backend({
    pid,
    backendStart: NOW - 3600 * SECOND,
    queryStart,
    xactStart: queryStart,
    stateChange: queryStart,
    ...differences,
  });
}

/** A session of this pid that a role without rights sees: hardly more than that it is there. */
export function hidden(pid: number): Backend {
  return backend({
    pid,
    backendStart: null,
    backendType: null,
    state: null,
    query: '<insufficient privilege>',
    applicationName: '',
    clientAddr: null,
    clientPort: null,
  });
}

/** A background process of the server. */
export function background(pid: number, backendType: string): Backend {
  return running(pid, 0, {
    backendType,
    datid: null,
    datname: null,
    usesysid: null,
    usename: null,
    applicationName: '',
    clientAddr: null,
    clientPort: null,
    state: null,
    xactStart: null,
    queryStart: null,
    stateChange: null,
    waitEventType: 'Activity',
    waitEvent: 'Main',
    query: '',
  });
}

/** A prepared transaction of this transaction id. */
export function preparedXact(transaction: number, differences: Partial<PreparedXact> = {}): PreparedXact {
  return {
    transaction: String(transaction),
    gid: 'payout',
    prepared: NOW - 7200 * SECOND,
    owner: 'alice',
    database: 'shop',
    ...differences,
  };
}

/** Three sessions: 103 runs longest, then 102, then 101. */
export const QUIET = snapshot({backends: [running(101, 1), running(102, 20), running(103, 300)]});

const WAITS = {waitEventType: 'Lock', waitEvent: 'relation'};

/** 201 forgot its transaction on orders, the ALTER of 202 waits for it, 203 and 204 wait behind the ALTER; 205 has nothing to do with it. */
export const BLOCKED = snapshot({
  backends: [
    running(201, 600, {state: 'idle in transaction', query: 'SELECT * FROM orders', backendXid: '812'}),
    running(202, 60, {
      usename: 'bob',
      applicationName: 'migrate',
      query: 'ALTER TABLE orders ADD x int',
      ...WAITS,
    }),
    running(203, 40, {query: 'SELECT count(*) FROM orders', ...WAITS}),
    running(204, 30, {query: 'UPDATE orders SET paid = true', ...WAITS}),
    running(205, 5, {datname: 'bank', query: 'SELECT now()'}),
    running(206, 50, {state: 'idle', xactStart: null, query: 'COMMIT'}),
  ],
  locks: [
    held(201, 'AccessShareLock'),
    wanted(202, NOW - 60 * SECOND, 'AccessExclusiveLock'),
    wanted(203, NOW - 40 * SECOND, 'AccessShareLock'),
    wanted(204, NOW - 30 * SECOND, 'RowExclusiveLock'),
  ],
});
