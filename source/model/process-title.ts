/** What a process of the server says of itself in its title (ps, /proc/PID/cmdline). */
export type ProcessTitle = {
  /** As in pg_stat_activity.backend_type; as the title has it for kinds that are not known. */
  readonly backendType: string;
  /** Null where the title does not tell it for certain, and for what has none. */
  readonly usename: string | null;
  readonly datname: string | null;
  /** The client's host name or address; null for a Unix-domain socket and for what has no client. */
  readonly clientAddr: string | null;
  /** -1 for a Unix-domain socket; null for what has no client. */
  readonly clientPort: number | null;
  /** As in pg_stat_activity.state; null where the title does not tell it (update_process_title = off). */
  readonly state: string | null;
  /** The tag of the running command, as in `SELECT`; null while none runs. */
  readonly command: string | null;
  /** True while it waits for a lock. */
  readonly isWaiting: boolean;
  /** The process that a parallel worker works for; null for others. */
  readonly leaderPid: number | null;
};

const PROGRAM = 'postgres: ';

/** Whose command line this is: a postmaster's own has the program's path and options instead. */
export function isServerTitle(title: string): boolean {
  return title.startsWith(PROGRAM);
}

const CHECKPOINTER = /^postgres: (.*)checkpointer(?: process)?$/;

/**
 * What stands before each title's own words where cluster_name is set, as in `main: `; empty otherwise. Read off the checkpointer's,
 * which says nothing else: a role's name may hold a colon too.
 */
export function clusterPrefix(titles: readonly string[]): string {
  const prefixes = titles.map(title => CHECKPOINTER.exec(title)?.[1]);
  return prefixes.find(prefix => prefix === '' || prefix?.endsWith(': ')) ?? '';
}

/** What PostgreSQL 10 calls its processes where later versions have other words. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  writer: 'background writer',
  'wal writer': 'walwriter',
  'wal receiver': 'walreceiver',
};

const WAL_SENDER = /^(?:walsender|wal sender process) /;
/** The name of a database follows, which may look like anything. */
const AUTOVACUUM_WORKER = /^autovacuum worker(?: process)?(?: |$)/;
const PARALLEL_WORKER = /^(?:bgworker: )?parallel worker for PID (\d+)/;
/** The last place that looks like a client's is it: names come before, and a command's tag looks like none. */
const CLIENT = /^(.+) (?:(\[local\])|(\S+)\((\d+)\))(?: (.*))?$/;

/** The facts of a title behind its program's name and `prefix`. Names with spaces in them cannot be told apart. */
export function readProcessTitle(title: string, prefix: string): ProcessTitle {
  const text = title.slice(PROGRAM.length);
  const own = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  if (WAL_SENDER.test(own)) return background('walsender');
  if (AUTOVACUUM_WORKER.test(own)) return background('autovacuum worker');
  const leader = PARALLEL_WORKER.exec(own)?.[1];
  if (leader !== undefined) return {...background('parallel worker'), leaderPid: Number(leader)};
  const client = CLIENT.exec(own);
  if (client === null) return background(kindOf(own));
  const [, names = '', local, host, port, doing = ''] = client;
  const [usename, datname, ...others] = names.split(' ');
  const isPlain = usename !== undefined && datname !== undefined && others.length === 0;
  return {
    ...background('client backend'),
    ...(isPlain ? {usename, datname} : {}),
    clientAddr: local === undefined ? (host ?? null) : null,
    clientPort: local === undefined ? Number(port) : -1,
    ...doingOf(doing),
  };
}

function background(backendType: string): ProcessTitle {
  return {
    backendType,
    usename: null,
    datname: null,
    clientAddr: null,
    clientPort: null,
    state: null,
    command: null,
    isWaiting: false,
    leaderPid: null,
  };
}

/** The words before what a background process is at: `archiver last was …`, `startup recovering …`, `io worker 0`. */
function kindOf(own: string): string {
  const [name = own] = own
    .replace(/^bgworker: /, '')
    .split(/ process(?: |$)| (?:last was|recovering|streaming|waiting) | \d+$/);
  return OLD_NAMES[name] ?? name;
}

const IDLE_STATES = new Set(['idle', 'idle in transaction', 'idle in transaction (aborted)']);
/** Before the first command: there is no session yet. */
const STARTING = new Set(['startup', 'authentication', 'initializing']);

function doingOf(doing: string): Pick<ProcessTitle, 'state' | 'command' | 'isWaiting'> {
  const isWaiting = doing.endsWith(' waiting');
  const what = isWaiting ? doing.slice(0, -' waiting'.length) : doing;
  if (what === '') return {state: null, command: null, isWaiting};
  if (IDLE_STATES.has(what)) return {state: what, command: null, isWaiting};
  if (STARTING.has(what)) return {state: 'starting', command: null, isWaiting};
  return {state: 'active', command: what, isWaiting};
}

/** A title without the mark of a wait for a lock, which comes and goes within one command. */
export function withoutWaiting(title: string): string {
  return title.replace(/ waiting$/, '');
}
