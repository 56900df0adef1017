/** The commands of the program; `monitor` has no word of its own. */
export type CommandName = 'monitor' | 'demo' | 'sessions' | 'locks' | 'cancel' | 'terminate' | 'doctor';

/** One option of the command line: everything that is known of it, in one place. */
export type Flag = {
  /** The long name; the property of the parsed options is its camelCase. */
  readonly name: string;
  readonly short?: string;
  /** What stands for its value in the usage; none for a switch. */
  readonly value?: string;
  readonly description: string;
  readonly group: 'Connection' | 'Monitor' | 'Scripts' | 'Signals' | 'Demo' | 'Other';
  readonly commands: readonly CommandName[];
};

const LIVE: readonly CommandName[] = ['monitor', 'demo'];
const SCRIPTS: readonly CommandName[] = ['sessions', 'locks'];
const SIGNALS: readonly CommandName[] = ['cancel', 'terminate'];
const EVERY: readonly CommandName[] = [...LIVE, ...SCRIPTS, ...SIGNALS, 'doctor'];
const CONNECTING: readonly CommandName[] = ['monitor', ...SCRIPTS, ...SIGNALS, 'doctor'];

/** Every option, in the order in which the usage prints them. */
export const FLAGS: readonly Flag[] = [
  {
    name: 'host',
    short: 'h',
    value: 'HOST',
    description: 'host, or a socket folder that begins with /',
    group: 'Connection',
    commands: CONNECTING,
  },
  {
    name: 'port',
    short: 'p',
    value: 'PORT',
    description: 'port (5432)',
    group: 'Connection',
    commands: CONNECTING,
  },
  {
    name: 'username',
    short: 'U',
    value: 'NAME',
    description: 'role to log in as',
    group: 'Connection',
    commands: CONNECTING,
  },
  {
    name: 'dbname',
    short: 'd',
    value: 'NAME',
    description: 'database, conninfo or URI',
    group: 'Connection',
    commands: CONNECTING,
  },
  {
    name: 'no-password',
    short: 'w',
    description: 'never ask for a password',
    group: 'Connection',
    commands: CONNECTING,
  },
  {
    name: 'password',
    short: 'W',
    description: 'ask for the password first',
    group: 'Connection',
    commands: CONNECTING,
  },
  {
    name: 'interval',
    short: 'i',
    value: 'SECONDS',
    description: 'time between refreshes, 0.2 to 60 (1)',
    group: 'Monitor',
    commands: LIVE,
  },
  {
    name: 'view',
    value: 'NAME',
    description: 'active, waiting, blocking, idle-in-xact, all, load or groups (active)',
    group: 'Monitor',
    commands: LIVE,
  },
  {
    name: 'filter',
    value: 'EXPR',
    description: 'only sessions that this holds for, as with the key /',
    group: 'Monitor',
    commands: [...LIVE, 'sessions', ...SIGNALS],
  },
  {
    name: 'sort',
    value: 'COLUMN[:asc|:desc]',
    description: 'order of the rows',
    group: 'Monitor',
    commands: [...LIVE, 'sessions'],
  },
  {
    name: 'read-only',
    description: 'no signal can be sent; so does PGTOP_READ_ONLY',
    group: 'Monitor',
    commands: LIVE,
  },
  {
    name: 'audit-log',
    value: 'FILE|none',
    description: 'where signals are noted (~/.local/state/pgtop/audit.jsonl)',
    group: 'Monitor',
    commands: [...LIVE, ...SIGNALS],
  },
  {
    name: 'keys',
    value: 'SCHEME',
    description: 'default or vim: h j k l move, K terminates',
    group: 'Monitor',
    commands: LIVE,
  },
  {
    name: 'threshold',
    value: 'NAME=VALUE,…',
    description: 'from where on something is marked, as in query=5m,xid=off',
    group: 'Monitor',
    commands: LIVE,
  },
  {
    name: 'notify',
    value: 'HOW',
    description: 'call when something gets marked: bell, osc9 or osc777 (no)',
    group: 'Monitor',
    commands: LIVE,
  },
  {name: 'no-color', description: 'no colours; so does NO_COLOR', group: 'Monitor', commands: LIVE},
  {name: 'ascii', description: 'ASCII characters only', group: 'Monitor', commands: LIVE},
  {
    name: 'format',
    value: 'FORMAT',
    description: 'table, json, or for sessions csv (table)',
    group: 'Scripts',
    commands: [...SCRIPTS, ...SIGNALS, 'doctor'],
  },
  {name: 'limit', value: 'N', description: 'at most N sessions', group: 'Scripts', commands: ['sessions']},
  {
    name: 'watch',
    value: 'SECONDS',
    description: 'print again and again, every 0.2 to 3600 s',
    group: 'Scripts',
    commands: SCRIPTS,
  },
  {
    name: 'max-wait',
    value: 'SECONDS',
    description: 'exit with 4 as soon as somebody waits longer',
    group: 'Scripts',
    commands: ['locks'],
  },
  {
    name: 'dry-run',
    description: 'print the targets and touch nothing',
    group: 'Signals',
    commands: SIGNALS,
  },
  {name: 'yes', description: 'do not ask; needed without a terminal', group: 'Signals', commands: SIGNALS},
  {
    name: 'reason',
    value: 'TEXT',
    description: 'noted in the audit log',
    group: 'Signals',
    commands: SIGNALS,
  },
  {
    name: 'wait',
    value: 'SECONDS',
    description: 'how long to watch for the outcome (5)',
    group: 'Signals',
    commands: SIGNALS,
  },
  {
    name: 'download',
    description: 'fetch a PostgreSQL for the demo when this machine has none',
    group: 'Demo',
    commands: ['demo'],
  },
  {name: 'help', description: 'this text', group: 'Other', commands: EVERY},
  {name: 'version', description: 'the version', group: 'Other', commands: EVERY},
];

const LEFT = 30;

function flagLine({name, short, value, description}: Flag): string {
  const names = short === undefined ? `    --${name}` : `-${short}, --${name}`;
  return `  ${`${names}${value === undefined ? '' : ` ${value}`}`.padEnd(LEFT)} ${description}`;
}

/** What `pgtop --help` prints, and the README with it. */
export function usageText(): string {
  const groups = [...new Set(FLAGS.map(({group}) => group))];
  return [
    'htop for PostgreSQL: live sessions, the lock-wait tree, safe cancel and terminate.',
    '',
    'Usage',
    '  pgtop [CONNECTION] [options]           the live monitor',
    '  pgtop demo [options]                   the live monitor on a throw-away server with a staged incident',
    '  pgtop sessions [CONNECTION] [options]  print the sessions, for scripts',
    '  pgtop locks [CONNECTION] [options]     print the lock-wait forest, for scripts',
    '  pgtop cancel PID... | --filter EXPR    cancel queries (pg_cancel_backend)',
    '  pgtop terminate PID... | --filter EXPR terminate sessions (pg_terminate_backend)',
    '  pgtop doctor [CONNECTION] [options]    what was resolved, from where, and what this role may see and do',
    '',
    'CONNECTION is what psql takes: a database name, key=value pairs, or a postgres:// URI.',
    'The variables PGHOST, PGSERVICE, PGPASSWORD, …, service files and ~/.pgpass hold as in psql.',
    ...groups.flatMap(group => ['', group, ...FLAGS.filter(flag => flag.group === group).map(flagLine)]),
    '',
    'Exit codes: 0 done, 1 cannot connect (doctor: cannot work there), 2 usage error, 3 a signal was refused, a target is still',
    'there or nothing matched, 4 a wait beyond --max-wait, 130 or 143 ended by a signal.',
  ].join('\n');
}
