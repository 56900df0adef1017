import {isHidden} from './backend.ts';
import {queryText, stateText, untold, waitText} from './column-texts.ts';
import {type DurationMode, durationMs} from './duration-mode.ts';
import {formatDuration} from './format.ts';
import {PROCESS_COLUMNS} from './process-columns.ts';
import type {Session} from './session.ts';

/** The columns of the session table. */
export type ColumnId =
  | 'pid'
  | 'user'
  | 'database'
  | 'app'
  | 'client'
  | 'state'
  | 'wait'
  | 'time'
  | 'blk'
  | 'cpu'
  | 'rss'
  | 'read'
  | 'write'
  | 'xid'
  | 'xmin'
  | 'type'
  | 'queryid'
  | 'query';

/** How many columns there are, and how wide. */
export type Layout = 'narrow' | 'normal' | 'wide';

/** The layouts in the order that the key goes through them. */
export const LAYOUTS: readonly Layout[] = ['narrow', 'normal', 'wide'];

/** A column of the session table: everything that is known of it, in one place. */
export type Column = {
  readonly id: ColumnId;
  readonly title: string;
  /** What it shows and the view and column it comes from. */
  readonly description: string;
  readonly align: 'left' | 'right';
  /** Cells it needs at least, and cells it can use. */
  readonly min: number;
  readonly max: number;
  /** The columns with the lowest rank are left out first when the terminal is narrow. */
  readonly rank: number;
  /** The smallest layout that has it. */
  readonly from: Layout;
  /** True for figures of the process: only the widest layout has them where they cannot be known. */
  readonly isOfProcess?: true;
  /** The cell's text for a width it may be cut to. */
  readonly text: (session: Session, mode: DurationMode, width: number) => string;
  /** What it is sorted by: numbers or text, null last in either direction. */
  readonly value: (session: Session, mode: DurationMode) => number | string | null;
};

/** Where the client is: its host name when the server knows it, its address, `local` for a Unix-domain socket; empty for a background process. */
export function clientText({backend}: Session): string {
  return backend.clientHostname ?? backend.clientAddr ?? (backend.clientPort === -1 ? 'local' : '');
}

/** Every column, in the order in which they stand. */
export const COLUMNS: readonly Column[] = [
  {
    id: 'pid',
    title: 'PID',
    description: 'process id of the backend (pg_stat_activity.pid)',
    align: 'right',
    min: 7,
    max: 7,
    rank: 100,
    from: 'narrow',
    text: ({backend}) => String(backend.pid),
    value: ({backend}) => backend.pid,
  },
  {
    id: 'user',
    title: 'USER',
    description: 'role it is logged in as (usesysid, named by pg_roles)',
    align: 'left',
    min: 8,
    max: 14,
    rank: 70,
    from: 'narrow',
    text: session => session.backend.usename ?? untold(session),
    value: ({backend}) => backend.usename,
  },
  {
    id: 'database',
    title: 'DATABASE',
    description: 'database it is connected to (datid, named by pg_database)',
    align: 'left',
    min: 8,
    max: 14,
    rank: 60,
    from: 'narrow',
    text: session => session.backend.datname ?? untold(session),
    value: ({backend}) => backend.datname,
  },
  {
    id: 'app',
    title: 'APP',
    description: 'what the client calls itself (application_name)',
    align: 'left',
    min: 8,
    max: 18,
    rank: 50,
    from: 'normal',
    text: ({backend}) => backend.applicationName,
    value: ({backend}) => backend.applicationName || null,
  },
  {
    id: 'client',
    title: 'CLIENT',
    description: 'host name or address of the client, local for a socket (client_hostname, client_addr)',
    align: 'left',
    min: 9,
    max: 15,
    rank: 30,
    from: 'normal',
    text: clientText,
    value: session => clientText(session) || null,
  },
  {
    id: 'state',
    title: 'STATE',
    description: 'what it is doing (state); idle tx is idle in transaction, aborted the same after an error',
    align: 'left',
    min: 7,
    max: 19,
    rank: 80,
    from: 'narrow',
    text: stateText,
    value: ({backend}) => backend.state,
  },
  {
    id: 'wait',
    title: 'WAIT',
    description: 'what it waits for (wait_event_type, wait_event)',
    align: 'left',
    min: 12,
    max: 21,
    rank: 75,
    from: 'narrow',
    text: waitText,
    value: ({backend}) =>
      backend.waitEvent === null ? null : `${backend.waitEventType}:${backend.waitEvent}`,
  },
  {
    id: 'time',
    title: 'TIME',
    description:
      'age of the query, transaction, state or session, as d chooses (query_start, xact_start, state_change, backend_start)',
    align: 'right',
    min: 7,
    max: 7,
    rank: 95,
    from: 'narrow',
    text: (session, mode) => (isHidden(session.backend) ? 'n/a' : formatDuration(durationMs(session, mode))),
    value: durationMs,
  },
  {
    id: 'blk',
    title: 'BLK',
    description: 'sessions that wait behind this one, directly and through others (pg_locks)',
    align: 'right',
    min: 4,
    max: 4,
    rank: 90,
    from: 'narrow',
    text: ({blocksInTotal}) => (blocksInTotal === 0 ? '' : String(blocksInTotal)),
    value: ({blocksInTotal}) => blocksInTotal || null,
  },
  ...PROCESS_COLUMNS,
  {
    id: 'xid',
    title: 'XID',
    description: 'transaction id, once it has written (backend_xid)',
    align: 'right',
    min: 8,
    max: 10,
    rank: 20,
    from: 'wide',
    text: ({backend}) => backend.backendXid ?? '',
    value: ({backend}) => (backend.backendXid === null ? null : Number(backend.backendXid)),
  },
  {
    id: 'xmin',
    title: 'XMIN',
    description: 'oldest transaction whose rows it keeps from vacuum (backend_xmin)',
    align: 'right',
    min: 8,
    max: 10,
    rank: 25,
    from: 'wide',
    text: ({backend}) => backend.backendXmin ?? '',
    value: ({backend}) => (backend.backendXmin === null ? null : Number(backend.backendXmin)),
  },
  {
    id: 'type',
    title: 'TYPE',
    description: 'kind of server process (backend_type)',
    align: 'left',
    min: 10,
    max: 16,
    rank: 15,
    from: 'wide',
    text: ({backend}) => backend.backendType ?? '',
    value: ({backend}) => backend.backendType,
  },
  {
    id: 'queryid',
    title: 'QUERYID',
    description: 'id of the normalised query, PostgreSQL 14 and later with compute_query_id (query_id)',
    align: 'right',
    min: 20,
    max: 20,
    rank: 10,
    from: 'wide',
    text: ({backend}) => backend.queryId ?? '',
    value: ({backend}) => backend.queryId,
  },
  {
    id: 'query',
    title: 'QUERY',
    description:
      'the running or latest query, behind the progress of a command that tells it; the kind of process where there is none (query, pg_stat_progress views)',
    align: 'left',
    min: 16,
    max: 100_000,
    rank: 99,
    from: 'narrow',
    text: queryText,
    value: ({backend}) => backend.query || null,
  },
];

/** The column of this id. */
export function columnOf(id: ColumnId): Column {
  const column = COLUMNS.find(candidate => candidate.id === id);
  if (column === undefined) throw new RangeError(`no column ${id}`);
  return column;
}
