import type {Rights, ServerExamination, Setting, StandbyLag} from '../model/diagnosis.ts';
import {sanitise} from '../model/sanitise.ts';
import {countSessions} from '../model/session-counts.ts';
import {snapshotOf} from '../model/snapshot.ts';
import type {PreparedSession} from './prepare-monitoring.ts';
import {
  type RightsRow,
  rightsStatement,
  type SettingRow,
  type StandbyLagRow,
  settingsStatement,
  standbyLagStatement,
} from './queries/examination.ts';
import {type Since, sinceVersion} from './sql-version.ts';

/** The settings that matter to a monitor, in the order in which they are told. */
const SETTINGS: readonly string[] = [
  'max_connections',
  'superuser_reserved_connections',
  'reserved_connections',
  'track_activities',
  'track_activity_query_size',
  'compute_query_id',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'transaction_timeout',
  'deadlock_timeout',
  'log_statement',
  'log_min_duration_statement',
  'log_duration',
  'log_lock_waits',
];

/** Asks a server what this role may see and do there, and what is set. @throws what the server says */
export async function examineServer(session: PreparedSession): Promise<ServerExamination> {
  const {capabilities, collector, connection} = session;
  const since = sinceVersion(capabilities.server.versionNum);
  const {reading, sessions} = snapshotOf(await collector.collect());
  const {clients, hidden} = countSessions(sessions);
  return {
    server: reading.server,
    rights: await readRights(connection, since),
    lag: reading.server.inRecovery ? await readLag(connection) : null,
    settings: await readSettings(connection),
    sessions: {all: clients, hidden},
  };
}

async function readRights(connection: PreparedSession['connection'], since: Since): Promise<Rights> {
  const [row] = await connection.query<RightsRow>(rightsStatement(since));
  const [superuser, reads, isMember, signals, reserved, autovacuum] = row ?? [];
  const isSuperuser = superuser === 'on';
  const holds = (right: string | null | undefined) => right === 't' || isSuperuser;
  return {
    isSuperuser,
    readsAllStats: holds(reads),
    signalsBackends: holds(signals),
    usesReservedConnections: reserved == null ? null : holds(reserved),
    signalsAutovacuum: autovacuum == null ? null : holds(autovacuum),
    isStatsMemberWithoutInherit: !holds(reads) && isMember === 't',
  };
}

async function readLag(connection: PreparedSession['connection']): Promise<StandbyLag> {
  const [row] = await connection.query<StandbyLagRow>(standbyLagStatement);
  const [seconds, bytes] = row ?? [];
  return {
    seconds: seconds == null ? null : Math.max(0, Number(seconds)),
    bytes: bytes == null ? null : Math.max(0, Number(bytes)),
  };
}

async function readSettings(connection: PreparedSession['connection']): Promise<readonly Setting[]> {
  const rows = await connection.query<SettingRow>(settingsStatement, [SETTINGS]);
  return SETTINGS.flatMap(name => {
    const [, value, unit] = rows.find(row => row[0] === name) ?? [];
    return value == null ? [] : [{name, value: sanitise(value), unit: unit ?? ''}];
  });
}
