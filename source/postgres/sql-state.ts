import {DatabaseError} from 'pg';
import {sanitise} from '../model/sanitise.ts';

/** What pgtop itself reports when a statement was not answered in time and the connection had to be given up. */
export class StatementTimeout extends Error {
  override readonly name = 'StatementTimeout';
}

/** The session ended under a question, in the words of whoever ended it. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** What pgtop itself reports when the server wants a password and none was found. */
export class PasswordRequired extends Error {
  override readonly name = 'PasswordRequired';
}

/** The server asked for a proof, or for none, that the user's demands do not allow. */
export class AuthenticationRefused extends Error {
  override readonly name = 'AuthenticationRefused';
}

/** The SQLSTATE of a server's error, or Node's code of a network error, also of the one that caused it; null when there is none. */
export function errorCode(error: unknown): string | null {
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  if (!(error instanceof Error)) return null;
  return 'code' in error && typeof error.code === 'string' ? error.code : errorCode(error.cause);
}

/** What went wrong in the words of the server or the system, as one sanitised line, with the server's DETAIL and HINT. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError) return errorText(error.errors[0]);
  if (!(error instanceof Error)) return sanitise(String(error));
  // Only its own code: what wraps such an error has its words already, or better ones.
  if ('code' in error && CLOSED.has(String(error.code)))
    return `the other side closed the connection (${sanitise(error.message)})`;
  const {detail, hint} = error instanceof DatabaseError ? error : {};
  return sanitise([error.message, detail, hint].filter(part => part !== undefined && part !== '').join('; '));
}

/** What the system says of a connection that ended without a word of the server's. */
const CLOSED = new Set(['EPIPE', 'ECONNRESET']);

const PERMANENT = new Set(['28P01', '28000', '3D000', '42501', '0LP01', '08P01']);

/** True for an answer that will not change by trying again: wrong password, unknown role or database, refused by pg_hba.conf. */
export function isRefusedForGood(error: unknown): boolean {
  return PERMANENT.has(errorCode(error) ?? '') || isProofRefused(error);
}

/** True when the server did not accept the password, or none was found for it. */
export function isProofRefused(error: unknown): boolean {
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  if (reason instanceof PasswordRequired || reason instanceof AuthenticationRefused) return true;
  return errorCode(error) === '28P01';
}

/** True when no slot is free: on the server, in the database or for the role. */
export function isFull(error: unknown): boolean {
  return errorCode(error) === '53300';
}

/** True for what the server or the line to it did, as opposed to a mistake of the program. */
export function isServersDoing(error: unknown): boolean {
  return (
    error instanceof DatabaseError || error instanceof ConnectionLost || error instanceof StatementTimeout
  );
}

/** True for a statement that asks for what is not allowed or not there (class 42): it would fail again. */
export function isNotAllowed(error: unknown): boolean {
  return isStatementFailure(error) && (errorCode(error) ?? '').startsWith('42');
}

/** True when one statement was refused or ran into its bound while the connection stays good: not allowed, lock or statement timeout, missing object. */
export function isStatementFailure(error: unknown): boolean {
  if (!(error instanceof DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC')
    return false;
  return !['57P01', '57P02', '57P03'].includes(error.code ?? '');
}
