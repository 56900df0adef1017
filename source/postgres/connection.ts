import type {ConnectionOptions as TlsOptions} from 'node:tls';
import {Client, DatabaseError} from 'pg';
import {ConnectionLost, errorText, PasswordRequired, StatementTimeout} from './sql-state.ts';

/** One finished answer of where and as whom to connect; nothing is looked up any more. */
export type Endpoint = {
  /** A host name, an address, or a socket folder that begins with `/`. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Undefined when no source has one: a server that asks for it then gets PasswordRequired. */
  readonly password: string | undefined;
  readonly applicationName: string;
  /** Command-line options for the backend, as PGOPTIONS has them. */
  readonly options: string | undefined;
  readonly connectTimeoutMs: number;
  /** Silence before the first keepalive probe; 0 leaves it to the operating system, null asks for no probes. */
  readonly keepAliveIdleMs: number | null;
  /** False for a plain connection. */
  readonly tls: false | TlsOptions;
};

/** One session on the server. Statements are answered in the order they are asked; each is its own transaction. */
export type Connection = {
  readonly endpoint: Endpoint;
  /** The backend's pid as the server told it when the session began; a pooler tells another number than pg_backend_pid(). */
  readonly processId: number;
  /**
   * Rows of one statement as arrays of the server's text. `name` prepares the statement under that name at its first use.
   * @throws DatabaseError, ConnectionLost, or StatementTimeout after `timeoutMs` (default 3,000), which ends the connection.
   */
  query<Row>(statement: string, values?: readonly unknown[], options?: QueryOptions): Promise<readonly Row[]>;
  /** Runs several statements without parameters in one message. */
  run(statements: string): Promise<void>;
  /** The last WARNING or NOTICE since the previous call, in the server's words; null when there was none. */
  takeNotice(): string | null;
  /** Resolves when the session has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Why the session ended: the first word of it, before the errors that follow from it; null while it lives. */
  endReason(): Error | null;
  /** Says goodbye, waits a moment for the server to hear it, and gives the socket up in any case. Never rejects. */
  close(): Promise<void>;
};

/** How one statement is to be asked. */
export type QueryOptions = {readonly name?: string; readonly timeoutMs?: number};

const STATEMENT_TIMEOUT_MS = 3_000;
const GOODBYE_MS = 200;
const asText = () => (text: string) => text;

/** Opens one session. @throws the server's or the system's error, PasswordRequired, or StatementTimeout when nothing answers in time. */
export async function openConnection(endpoint: Endpoint): Promise<Connection> {
  const client = clientFor(endpoint);
  const end = Promise.withResolvers<void>();
  let notice: string | null = null;
  let reason: Error | null = null;
  // After a terminated backend two errors and an end arrive; the first one says why.
  client.on('error', error => {
    reason ??= error;
    end.resolve();
  });
  client.on('end', () => end.resolve());
  client.on('notice', message => {
    notice = message.message ?? null;
  });
  const giveUp = () => socketOf(client)?.destroy();
  try {
    await within(endpoint.connectTimeoutMs, client.connect(), giveUp, `no answer from ${endpoint.host}`);
  } catch (error) {
    giveUp();
    throw error;
  }

  // The driver wants a question only when it has done with the one before, and a question's time begins when it is sent.
  let latest: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(timeoutMs: number, send: () => Promise<T>): Promise<T> => {
    const answer = latest.then(() => within(timeoutMs, send(), giveUp, 'the server does not answer'));
    latest = answer.catch(() => undefined);
    return answer.catch((error: unknown) => {
      if (error instanceof DatabaseError || error instanceof StatementTimeout) throw error;
      throw new ConnectionLost(errorText(reason ?? error), {cause: error});
    });
  };

  return {
    endpoint,
    processId: processIdOf(client),
    ended: end.promise,
    endReason: () => reason,
    async query<Row>(text: string, values: readonly unknown[] = [], {name, timeoutMs}: QueryOptions = {}) {
      const config = {
        text,
        values: [...values],
        rowMode: 'array' as const,
        ...(name === undefined ? {} : {name}),
      };
      const result = await inTurn(timeoutMs ?? STATEMENT_TIMEOUT_MS, () => client.query<unknown[]>(config));
      return result.rows as readonly unknown[] as readonly Row[];
    },
    async run(statements) {
      await inTurn(STATEMENT_TIMEOUT_MS, () => client.query(statements));
    },
    takeNotice() {
      const taken = notice;
      notice = null;
      return taken;
    },
    async close() {
      const goodbye = client.end().catch((error: unknown) => error);
      await Promise.race([goodbye, new Promise(resolve => setTimeout(resolve, GOODBYE_MS).unref())]);
      giveUp();
      end.resolve();
    },
  };
}

function clientFor(endpoint: Endpoint): Client {
  const {host, port, user, database, password, applicationName, options, tls} = endpoint;
  return new Client({
    host,
    port,
    user,
    database,
    // A function keeps the driver from looking for a password of its own, and from warning on the screen about the file's rights.
    password: () => {
      if (password === undefined) throw new PasswordRequired(`${host} asks for a password`);
      return password;
    },
    application_name: applicationName,
    ...(options === undefined ? {} : {options}),
    ssl: host.startsWith('/') ? false : tls,
    keepAlive: endpoint.keepAliveIdleMs !== null,
    keepAliveInitialDelayMillis: endpoint.keepAliveIdleMs ?? 0,
    types: {getTypeParser: asText},
  });
}

/** The driver keeps these two to itself, but a dead link can be given up by its socket only. */
function socketOf(client: Client): {destroy(): void} | undefined {
  return (client as unknown as {connection?: {stream?: {destroy(): void}}}).connection?.stream;
}

function processIdOf(client: Client): number {
  return (client as unknown as {processID: number}).processID;
}

async function within<T>(ms: number, answer: Promise<T>, giveUp: () => void, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new StatementTimeout(`${what} within ${ms / 1000} s`));
    giveUp();
  }, ms);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}
