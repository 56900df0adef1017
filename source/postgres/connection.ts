import {Socket} from 'node:net';
import type {ConnectionOptions as TlsOptions} from 'node:tls';
import {DatabaseError} from 'pg';
import type {Encryption} from '../model/snapshot.ts';
import {checkProtocol, clientFor, encryptionOf, processIdOf, socketOf} from './driver-client.ts';
import {guardAuthentication} from './guard-authentication.ts';
import type {AuthenticationPolicy} from './resolve-connection/connection-plan.ts';
import {RowQuery, type RowTaker} from './row-query.ts';
import {ConnectionLost, errorText, isStatementFailure, StatementTimeout} from './sql-state.ts';

/** One finished answer of where and as whom to connect; nothing is looked up any more. */
export type Endpoint = {
  /** The name it goes by: a host name, an address, or a socket folder that begins with `/`. */
  readonly host: string;
  /** The address to connect to; undefined when `host` is one or has still to be looked up. */
  readonly address?: string | undefined;
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
  readonly tls: false | TlsChoice;
  /** Undefined: whatever the server asks for is answered. */
  readonly authentication?: AuthenticationPolicy | undefined;
};

/** A connection with TLS: how it is begun, and whether the options make the handshake fail for a certificate that is not trusted. */
export type TlsChoice = {
  readonly isDirect: boolean;
  readonly isVerified: boolean;
  readonly options: TlsOptions;
};

/** One session on the server. Statements are answered in the order they are asked; each is its own transaction. */
export type Connection = {
  readonly endpoint: Endpoint;
  /** The backend's pid as the server told it when the session began; a pooler tells another number than pg_backend_pid(). */
  readonly processId: number;
  /** What protects it from being read on the way. */
  readonly encryption: Encryption;
  /**
   * Rows of one statement as arrays of the server's text; none where they are handed to `take` as they arrive. `name` prepares the
   * statement under that name at its first use.
   * @throws what `take` threw, DatabaseError, ConnectionLost, or StatementTimeout after `timeoutMs` (default 2,700) of silence, which ends
   * the connection
   */
  query<Row>(
    statement: string,
    values?: readonly unknown[],
    options?: QueryOptions<Row>,
  ): Promise<readonly Row[]>;
  /** Runs several statements without parameters in one message. */
  run(statements: string): Promise<void>;
  /** The last WARNING or NOTICE since the previous call, in the server's words; null when there was none. */
  takeNotice(): string | null;
  /** Resolves when the session has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Bytes that have gone over its line so far, in both directions. */
  bytes(): number;
  /** Why the session ended: the first word of it, before the errors that follow from it; null while it lives. */
  endReason(): Error | null;
  /** Says goodbye, waits a moment for the server to hear it, and gives the socket up in any case. Never rejects. */
  close(): Promise<void>;
};

/** How one statement is to be asked. */
export type QueryOptions<Row> = Partial<RowTaker<Row>> & {
  readonly name?: string;
  readonly timeoutMs?: number;
};

/** Short enough to be told of within four seconds at one refresh a second, and long enough for a round trip of two. */
const STATEMENT_TIMEOUT_MS = 2_700;
const GOODBYE_MS = 200;

/** Opens one session. @throws the server's or the system's error, PasswordRequired, or StatementTimeout when nothing answers in time. */
export async function openConnection(endpoint: Endpoint): Promise<Connection> {
  const authentication = endpoint.authentication ?? ANSWER_ALL;
  const client = clientFor(endpoint, () => guard.checkRequest());
  const guard = guardAuthentication(client, authentication, endpoint.tls !== false);
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
  const bytesRead = () => {
    const socket = socketOf(client);
    return socket instanceof Socket ? socket.bytesRead : 0;
  };
  try {
    await within(endpoint.connectTimeoutMs, client.connect(), giveUp, `no answer from ${endpoint.host}`);
    guard.checkOutcome();
    if (endpoint.tls !== false && endpoint.tls.isDirect) checkProtocol(client);
  } catch (error) {
    giveUp();
    throw error;
  }

  // The driver wants a question only when it has done with the one before, and a question's time begins when it is sent.
  let latest: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(timeoutMs: number, send: () => Promise<T>): Promise<T> => {
    // What the server said before it hung up is heard first: to ask a closed connection would lose it.
    const answer = latest
      .then(() => new Promise(setImmediate))
      .then(() => within(timeoutMs, send(), giveUp, 'the server does not answer', bytesRead));
    latest = answer.catch(() => undefined);
    return answer.catch((error: unknown) => {
      // The server says it in its answer before it hangs up.
      if (error instanceof DatabaseError && !isStatementFailure(error)) reason ??= error;
      if (error instanceof DatabaseError || error instanceof StatementTimeout) throw error;
      throw new ConnectionLost(errorText(reason ?? error), {cause: error});
    });
  };

  return {
    endpoint,
    processId: processIdOf(client),
    encryption: encryptionOf(client, endpoint),
    ended: end.promise,
    bytes: () => {
      const socket = socketOf(client);
      return socket instanceof Socket ? socket.bytesRead + socket.bytesWritten : 0;
    },
    endReason: () => reason,
    async query<Row>(
      text: string,
      values: readonly unknown[] = [],
      {name, timeoutMs, takeUnread, take}: QueryOptions<Row> = {},
    ) {
      const rows: Row[] = [];
      const taker = {takeUnread, take: take ?? ((row: Row) => rows.push(row))};
      const thrown = await inTurn(
        timeoutMs ?? STATEMENT_TIMEOUT_MS,
        () => client.query(new RowQuery({text, name, values}, taker)).end,
      );
      if (thrown !== null) throw thrown.error;
      return rows;
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

const ANSWER_ALL: AuthenticationPolicy = {channelBinding: 'prefer', methods: undefined};

/** An answer that has to come in time. One of which `progress` tells that it is on its way gets the time anew: a slow line is not a silent one. */
async function within<T>(
  ms: number,
  answer: Promise<T>,
  giveUp: () => void,
  what: string,
  progress: () => number = () => 0,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  let before = progress();
  let isOver = false;
  const judge = () => {
    if (isOver) return;
    const now = progress();
    if (now > before) {
      before = now;
      timer = setTimeout(onTime, ms);
      return;
    }
    late.reject(new StatementTimeout(`${what} within ${ms / 1000} s`));
    giveUp();
  };
  // Whoever was stopped meanwhile, or had no processor, finds the time over before it reads what came in it.
  const onTime = () => setImmediate(judge);
  let timer = setTimeout(onTime, ms);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    isOver = true;
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}
