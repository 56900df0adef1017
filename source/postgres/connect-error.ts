import {DatabaseError} from 'pg';
import type {ConnectionAttempt, ConnectionPlan} from './resolve-connection/connection-plan.ts';
import {describeAttempt, describeAttempts, describePlan} from './resolve-connection/describe-plan.ts';
import {errorCode, errorText, PasswordRequired} from './sql-state.ts';

/** One try at one place: what came of it. */
export type Attempt = {
  readonly place: ConnectionAttempt;
  /** The address that was tried; null for a socket, and when the name of the host was not found. */
  readonly address: string | null;
  readonly isTls: boolean;
  /** Null when it let us in and is the kind of server that is wanted. */
  readonly error: Error | null;
};

/** Nothing let us in: which place said what, and what to do about it. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly hint: string | undefined;
  /** What the places said, without the name of the place where it is the only one: short enough for a banner. */
  readonly reason: string;

  constructor(message: string, reason: string, hint: string | undefined, options: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.hint = hint;
  }
}

/** A server that answers, and is not of the kind that target_session_attrs asks for. */
export class WrongServer extends Error {
  override readonly name = 'WrongServer';
}

/** The error for tries that all failed, the last one most to the point. Errors that need no place come as they are. */
export function connectError(plan: ConnectionPlan, attempts: readonly Attempt[], error: unknown): Error {
  if (!(error instanceof Error) || error.name === 'PasswordPromptError' || error.name === 'UsageError')
    return error as Error;
  const last = attempts.at(-1)?.place ?? plan.attempts[0];
  const others = attempts
    .slice(0, -1)
    .filter(({place}) => place !== last && !place.isGuess)
    .map(({place, error: reason}) => `; ${describeAttempt(place)}: ${words(reason)}`);
  const answers = `${words(error)}${[...new Set(others)].join('')}`;
  return new ConnectError(
    `cannot connect to ${describePlan(plan, last)}: ${answers}`,
    others.length === 0 ? answers : `${describeAttempt(last)}: ${answers}`,
    hintFor(plan, error),
    {cause: error},
  );
}

/** Node's names of the reasons for which OpenSSL does not accept a certificate. */
const CERTIFICATE = /^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|CERT_|CRL_|INVALID_CA)/;

function words(error: unknown): string {
  if (error instanceof PasswordRequired) return 'the server asks for a password and none was found';
  // Node adds advice of its own, about options that a user of pgtop does not have.
  if (CERTIFICATE.test(errorCode(error) ?? ''))
    return `the server's certificate is not accepted: ${errorText(error).split(';')[0]}`;
  return errorText(error);
}

function hintFor(plan: ConnectionPlan, error: unknown): string | undefined {
  const code = errorCode(error);
  if (error instanceof PasswordRequired)
    return `Looked in: ${plan.passwordSearch.join(', ')}. Use -W to type one, PGPASSWORD or ~/.pgpass.`;
  if (error instanceof WrongServer)
    return `target_session_attrs=${plan.targetSession}. Leave it out to watch whatever server answers.`;
  if (code === '08P01' && error instanceof DatabaseError && plan.options !== undefined)
    return 'A pooler such as PgBouncer refuses options (PGOPTIONS); pgtop has to reach the server itself.';
  if (CERTIFICATE.test(code ?? ''))
    return `It is checked against ${plan.tls.rootCertificateFile}; sslrootcert names another file.`;
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
