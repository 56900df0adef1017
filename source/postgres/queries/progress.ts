import type {Since} from '../sql-version.ts';

/** One row of the statement: a command under way; `done` and `total` in `unit`. */
export type ProgressRow = readonly [
  pid: string,
  phase: string | null,
  done: string | null,
  total: string | null,
  unit: 'blocks' | 'tuples' | 'bytes',
];

/** The phases of a command, numbered from 0 as the server does. */
const phase = (column: string, ...names: readonly string[]) =>
  `(ARRAY[${names.map(name => `'${name}'`).join(', ')}])[${column} + 1]`;

const info = (command: string) => `pg_catalog.pg_stat_get_progress_info('${command}') s`;

function vacuum(since: Since): string {
  const indexes = (column: string) => since(170000, `WHEN s.param1 IN (2, 4) THEN ${column}`, '');
  return `SELECT s.pid, ${phase(
    's.param1',
    'initializing',
    'scanning heap',
    'vacuuming indexes',
    'vacuuming heap',
    'cleaning up indexes',
    'truncating heap',
    'performing final cleanup',
  )},
       CASE WHEN s.param1 = 1 THEN s.param3 WHEN s.param1 = 3 THEN s.param4 ${indexes('s.param10')} END,
       CASE WHEN s.param1 IN (1, 3) THEN s.param2 ${indexes('nullif(s.param9, 0)')} END, 'blocks'
  FROM ${info('VACUUM')}`;
}

const cluster = `SELECT s.pid, ${phase(
  's.param2',
  'initializing',
  'seq scanning heap',
  'index scanning heap',
  'sorting tuples',
  'writing new heap',
  'swapping relation files',
  'rebuilding index',
  'performing final cleanup',
)},
       CASE WHEN s.param2 = 1 THEN s.param7 END, CASE WHEN s.param2 = 1 THEN s.param6 END, 'blocks'
  FROM ${info('CLUSTER')}`;

const createIndex = `SELECT s.pid, pg_catalog.concat(${phase(
  's.param10',
  'initializing',
  'waiting for writers before build',
  'building index',
  'waiting for writers before validation',
  'index validation: scanning index',
  'index validation: sorting tuples',
  'index validation: scanning table',
  'waiting for old snapshots',
  'waiting for readers before marking dead',
  'waiting for readers before dropping',
)}, CASE WHEN s.param10 = 2 THEN ': ' || pg_catalog.pg_indexam_progress_phasename(s.param9::oid, s.param11) END),
       CASE WHEN s.param16 > 0 THEN s.param17 WHEN s.param12 > 0 THEN s.param13 END,
       CASE WHEN s.param16 > 0 THEN s.param16 WHEN s.param12 > 0 THEN s.param12 END,
       CASE WHEN s.param16 > 0 THEN 'blocks' ELSE 'tuples' END
  FROM ${info('CREATE INDEX')}`;

const analyze = `SELECT s.pid, ${phase(
  's.param1',
  'initializing',
  'acquiring sample rows',
  'acquiring inherited sample rows',
  'computing statistics',
  'computing extended statistics',
  'finalizing analyze',
)},
       CASE WHEN s.param1 IN (1, 2) THEN s.param3 END, CASE WHEN s.param1 IN (1, 2) THEN s.param2 END, 'blocks'
  FROM ${info('ANALYZE')}`;

const baseBackup = `SELECT s.pid, ${phase(
  's.param1',
  'initializing',
  'waiting for checkpoint to finish',
  'estimating backup size',
  'streaming database files',
  'waiting for wal archiving to finish',
  'transferring wal files',
)},
       s.param3, CASE WHEN s.param2 > 0 THEN s.param2 END, 'bytes'
  FROM ${info('BASEBACKUP')}`;

const copy = `SELECT s.pid, 'copying', s.param1, nullif(s.param2, 0), 'bytes'
  FROM ${info('COPY')}`;

/** How far the commands are that tell it. */
export function progressStatement(since: Since): string {
  const parts = [
    vacuum(since),
    since(120000, cluster, ''),
    since(120000, createIndex, ''),
    since(130000, analyze, ''),
    since(130000, baseBackup, ''),
    since(140000, copy, ''),
  ];
  return /* sql */ `
-- pg_stat_get_progress_info, the function under the pg_stat_progress views, which wait for a lock on pg_database; any role, but
-- other roles' progress needs pg_read_all_stats. Asked only while somebody runs such a command.
${parts.filter(part => part !== '').join('\n UNION ALL\n')}`;
}
