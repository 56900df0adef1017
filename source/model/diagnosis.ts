import {identifier} from './identifier.ts';
import type {Server} from './snapshot.ts';

/** What a role may do on a server beyond looking. Null where the server has no such right. */
export type Rights = {
  readonly isSuperuser: boolean;
  /** Sees state, query and ages of other roles' sessions: pg_read_all_stats, a part of pg_monitor. */
  readonly readsAllStats: boolean;
  /** Cancels and terminates sessions of roles that are no superusers: pg_signal_backend. */
  readonly signalsBackends: boolean;
  /** Since PostgreSQL 18: pg_signal_autovacuum_worker. */
  readonly signalsAutovacuum: boolean | null;
  /** Since PostgreSQL 16: pg_use_reserved_connections. */
  readonly usesReservedConnections: boolean | null;
  /** A member of pg_read_all_stats that does not inherit its rights, and so has none of them. */
  readonly isStatsMemberWithoutInherit: boolean;
};

/** How far a standby is behind: the age of the last transaction it replayed, and bytes received but not replayed; null where nothing was. */
export type StandbyLag = {readonly seconds: number | null; readonly bytes: number | null};

/** What the examination of a server found. */
export type ServerExamination = {
  readonly server: Server;
  readonly rights: Rights;
  /** Null on a primary. */
  readonly lag: StandbyLag | null;
  /** Settings as a fresh session of this role has them, with their unit, in PostgreSQL's words; a server has those of its version. */
  readonly settings: readonly Setting[];
  /** Sessions of clients, and those among them whose state this role may not see. */
  readonly sessions: {readonly all: number; readonly hidden: number};
};

/** One setting: name and value as in pg_settings, and the unit of the value, empty when it has none. */
export type Setting = {readonly name: string; readonly value: string; readonly unit: string};

/** Something to know: a `problem` keeps pgtop from doing its work here, a `note` does not. `fix` is a statement or a command that mends it. */
export type Finding = {
  readonly level: 'problem' | 'note';
  readonly message: string;
  readonly fix: string | null;
};

/** The newest major that pgtop was tried on. */
const NEWEST_MAJOR = 18;

/** A word about a server of a version that pgtop has not been tried on; null for one that it has. */
export function versionNote({versionNum}: Pick<Server, 'versionNum'>): string | null {
  const major = Math.floor(versionNum / 10_000);
  return major <= NEWEST_MAJOR
    ? null
    : `PostgreSQL ${major} is newer than what this pgtop was tried on (10 to ${NEWEST_MAJOR}); what it does not know it shows as it is.`;
}

/** What an examined server lacks for pgtop to do all it can, the worst first. */
export function findingsOf(examination: ServerExamination): readonly Finding[] {
  return [
    ...hiddenFindings(examination),
    ...trackingFindings(examination),
    ...encryptionFindings(examination),
    ...signalFindings(examination),
    ...logFindings(examination),
    ...[versionNote(examination.server) ?? []].flat().map(message => note(message)),
  ];
}

function note(message: string, fix: string | null = null): Finding {
  return {level: 'note', message, fix};
}

function problem(message: string, fix: string | null): Finding {
  return {level: 'problem', message, fix};
}

function hiddenFindings({rights, server, sessions}: ServerExamination): readonly Finding[] {
  if (rights.readsAllStats) return [];
  const role = identifier(server.user);
  const count = `state and query of other roles' sessions are hidden (${sessions.hidden} of ${sessions.all} now)`;
  if (rights.isStatsMemberWithoutInherit) {
    const fix =
      server.versionNum >= 160_000
        ? `GRANT pg_monitor TO ${role} WITH INHERIT TRUE;`
        : `ALTER ROLE ${role} INHERIT;`;
    return [problem(`${count}: the role is a member of pg_monitor, but does not inherit its rights`, fix)];
  }
  return [problem(count, `GRANT pg_monitor TO ${role};`)];
}

function trackingFindings({settings}: ServerExamination): readonly Finding[] {
  const setTo = valuesOf(settings);
  const size = Number(setTo('track_activity_query_size'));
  return [
    ...(setTo('track_activities') === 'off'
      ? [
          problem(
            'sessions do not tell what they run',
            'ALTER SYSTEM SET track_activities = on; SELECT pg_reload_conf();',
          ),
        ]
      : []),
    ...(size <= 1_024
      ? [
          note(
            `the server keeps the first ${size} bytes of a query`,
            "ALTER SYSTEM SET track_activity_query_size = '4kB'; -- counts after a restart",
          ),
        ]
      : []),
  ];
}

function encryptionFindings({server: {encryption}}: ServerExamination): readonly Finding[] {
  if (encryption.type === 'plaintext')
    return [note('the connection is plaintext: whoever is on the way can read it', 'sslmode=verify-full')];
  if (encryption.type === 'tls' && !encryption.isVerified)
    return [
      note('the server is not verified: it could be another one', 'sslmode=verify-full sslrootcert=FILE'),
    ];
  return [];
}

function signalFindings({rights, server}: ServerExamination): readonly Finding[] {
  if (rights.isSuperuser) return [];
  const role = identifier(server.user);
  return [
    ...(rights.signalsBackends
      ? []
      : [
          note(
            'sessions of other roles can be neither cancelled nor terminated',
            `GRANT pg_signal_backend TO ${role};`,
          ),
        ]),
    ...(rights.signalsAutovacuum === false
      ? [note('autovacuum workers cannot be cancelled', `GRANT pg_signal_autovacuum_worker TO ${role};`)]
      : []),
    ...(rights.usesReservedConnections === false
      ? [
          note(
            'when all connections are taken, this role does not get in',
            `GRANT pg_use_reserved_connections TO ${role}; -- and reserved_connections > 0`,
          ),
        ]
      : []),
  ];
}

/** Every refresh is a statement: where all are logged, so is pgtop, each second. */
function logFindings({settings, server}: ServerExamination): readonly Finding[] {
  const setTo = valuesOf(settings);
  const loud = [
    ...(setTo('log_statement') === 'all' ? [`log_statement = 'none'`] : []),
    ...(setTo('log_min_duration_statement') === '0' ? ['log_min_duration_statement = -1'] : []),
    ...(setTo('log_duration') === 'on' ? ['log_duration = off'] : []),
  ];
  if (loud.length === 0) return [];
  const role = identifier(server.user);
  return [
    note(
      'the server logs every statement, so each refresh writes to its log',
      loud.map(setting => `ALTER ROLE ${role} SET ${setting};`).join(' '),
    ),
  ];
}

function valuesOf(settings: readonly Setting[]): (name: string) => string | undefined {
  const values = new Map(settings.map(({name, value}) => [name, value]));
  return name => values.get(name);
}
