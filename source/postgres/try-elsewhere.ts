import {DatabaseError} from 'pg';
import {WrongServer} from './connect-error.ts';
import type {ConnectionAttempt} from './resolve-connection/connection-plan.ts';
import {AuthenticationRefused, PasswordRequired, StatementTimeout} from './sql-state.ts';

/** Whether the same place may answer otherwise with TLS, or without: not when nobody answered there at all. */
export function mayHelpOtherwise(error: Error): boolean {
  if (error instanceof PasswordRequired || error instanceof WrongServer || error instanceof StatementTimeout)
    return false;
  if (error instanceof AuthenticationRefused || error.name === 'PasswordPromptError') return false;
  return !('syscall' in error && error.syscall === 'connect');
}

/** Whether another place may do better. What the server itself answered holds everywhere, but for its access rules at a place that was only guessed. */
export function mayTryElsewhere({isGuess}: ConnectionAttempt, error: unknown): boolean {
  if (error instanceof WrongServer || error instanceof StatementTimeout) return true;
  if (error instanceof DatabaseError) return error.code === '57P03' || (isGuess && error.code === '28000');
  return error instanceof Error && 'syscall' in error && error.syscall === 'connect';
}
