import type {ConnectionOptions as TlsOptions} from 'node:tls';
import {DatabaseError} from 'pg';
import {type Connection, type Endpoint, openConnection} from './connection.ts';
import type {ConnectionAttempt, ConnectionPlan} from './resolve-connection/connection-plan.ts';
import type {ReadUserFile} from './resolve-connection/connection-request.ts';
import {describeAttempts, describePlan} from './resolve-connection/describe-plan.ts';
import {readTlsFiles} from './resolve-connection/read-tls-files.ts';
import {errorCode, errorText, PasswordRequired} from './sql-state.ts';

/** Nothing let us in: which place said what, and what to do about it. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly hint: string | undefined;

  constructor(message: string, hint: string | undefined, options: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** Opens connections by a plan. The first that succeeds decides place, TLS and password for all later ones. */
export type Connector = {
  /** @throws ConnectError, UsageError for a certificate file that cannot be used, and what `askPassword` throws. */
  open(): Promise<Connection>;
};

/** A connector for a plan. `askPassword` is called with the user's name when the server wants a password that no source has. */
export function createConnector(
  plan: ConnectionPlan,
  readFile: ReadUserFile,
  askPassword: (user: string) => Promise<string>,
): Connector {
  let typed: string | undefined;
  let proven: Endpoint | null = null;

  const endpointOf = (attempt: ConnectionAttempt, tls: Endpoint['tls']): Endpoint => ({
    host: attempt.host,
    port: attempt.port,
    user: plan.user,
    database: plan.database,
    password: typed ?? attempt.password,
    applicationName: plan.applicationName,
    options: plan.options,
    connectTimeoutMs: plan.connectTimeoutMs,
    keepAliveIdleMs: plan.keepAlive ? plan.keepAliveIdleMs : null,
    tls,
  });

  const openAt = async (attempt: ConnectionAttempt, tls: Endpoint['tls']): Promise<Connection> => {
    try {
      return await openConnection(endpointOf(attempt, tls));
    } catch (error) {
      if (!(error instanceof PasswordRequired) || plan.passwordPrompt === 'never') throw error;
      typed = await askPassword(plan.user);
      return await openConnection(endpointOf(attempt, tls));
    }
  };

  const openFirst = async (): Promise<Connection> => {
    if (plan.passwordPrompt === 'always') typed ??= await askPassword(plan.user);
    let last: {readonly attempt: ConnectionAttempt; readonly error: unknown} | null = null;
    for (const attempt of plan.attempts) {
      for (const tls of tlsChoices(plan, attempt, readFile)) {
        try {
          return await openAt(attempt, tls);
        } catch (error) {
          if (!mayTryElsewhere(error)) throw connectError(plan, attempt, error);
          last = {attempt, error};
        }
      }
    }
    throw connectError(plan, last?.attempt ?? plan.attempts[0], last?.error);
  };

  return {
    async open() {
      if (proven !== null) return await openConnection(proven);
      const connection = await openFirst();
      proven = connection.endpoint;
      return connection;
    },
  };
}

/** The kinds of connection that sslmode allows at a place, in the order in which libpq tries them. */
function tlsChoices(
  {tls}: ConnectionPlan,
  attempt: ConnectionAttempt,
  readFile: ReadUserFile,
): readonly Endpoint['tls'][] {
  if (attempt.kind === 'socket' || tls.mode === 'disable') return [false];
  const options = tlsOptions(tls, readFile);
  if (tls.mode === 'prefer') return [options, false];
  return tls.mode === 'allow' ? [false, options] : [options];
}

function tlsOptions(tls: ConnectionPlan['tls'], readFile: ReadUserFile): TlsOptions {
  const {verify, rootCertificates, certificate, key} = readTlsFiles(tls, readFile);
  return {
    rejectUnauthorized: verify !== 'nothing',
    ...(verify === 'chain' ? {checkServerIdentity: () => undefined} : {}),
    ...(rootCertificates === undefined ? {} : {ca: rootCertificates}),
    ...(certificate === undefined ? {} : {cert: certificate}),
    ...(key === undefined ? {} : {key}),
  };
}

/** What the server itself answered holds everywhere, but for its access rules, which can ask for TLS or forbid it. */
function mayTryElsewhere(error: unknown): boolean {
  if (error instanceof PasswordRequired) return false;
  return !(error instanceof DatabaseError) || error.code === '28000';
}

function connectError(plan: ConnectionPlan, attempt: ConnectionAttempt, error: unknown): Error {
  if (!(error instanceof Error) || error.name === 'PasswordPromptError' || error.name === 'UsageError')
    return error as Error;
  const words =
    error instanceof PasswordRequired
      ? 'the server asks for a password and none was found'
      : errorText(error);
  return new ConnectError(
    `cannot connect to ${describePlan(plan, attempt)}: ${words}`,
    hintFor(plan, error),
    {cause: error},
  );
}

function hintFor(plan: ConnectionPlan, error: unknown): string | undefined {
  const code = errorCode(error);
  if (error instanceof PasswordRequired)
    return `Looked in: ${plan.passwordSearch.join(', ')}. Use -W to type one, PGPASSWORD or ~/.pgpass.`;
  if (code === '28P01') return 'The password is wrong for this user. Use -W to type one.';
  if (code === '3D000')
    return 'List the databases with: psql -l. pgtop sees all sessions from any database; postgres is always there.';
  if (code === '53300')
    return 'The server has no free connection slot. A superuser can use the reserved ones.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'The name of the host is not known. Check -h or PGHOST.';
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    const tried = describeAttempts(plan);
    return `Is the server running there? Tried: ${tried}. -h and -p name another place; pgtop demo needs no server.`;
  }
  return undefined;
}
