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

/** The SQLSTATE of a server's error, or Node's code of a network error; null when there is none. */
export function errorCode(error: unknown): string | null {
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** What went wrong in the words of the server or the system, as one sanitised line, with the server's DETAIL and HINT. */
export function errorText(error: unknown): string {
  if (error instanceof AggregateError) return errorText(error.errors[0]);
  if (!(error instanceof Error)) return sanitise(String(error));
  const {detail, hint} = error instanceof DatabaseError ? error : {};
  return sanitise([error.message, detail, hint].filter(part => part !== undefined && part !== '').join('; '));
}

const PERMANENT = new Set(['28P01', '28000', '3D000', '42501', '0LP01', '08P01']);

/** True for an answer that will not change by trying again: wrong password, unknown role or database, refused by pg_hba.conf. */
export function isRefusedForGood(error: unknown): boolean {
  return PERMANENT.has(errorCode(error) ?? '') || error instanceof PasswordRequired;
}

/** True when one statement was refused or ran into its bound while the connection stays good: not allowed, lock or statement timeout, missing object. */
export function isStatementFailure(error: unknown): boolean {
  if (!(error instanceof DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC')
    return false;
  return !['57P01', '57P02', '57P03'].includes(error.code ?? '');
}
