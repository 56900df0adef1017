import type {Client} from 'pg';
import type {AuthenticationMethod, AuthenticationPolicy} from './resolve-connection/connection-plan.ts';
import {AuthenticationRefused} from './sql-state.ts';

/** Judges how a server asks for proof, before anything is told to it and once more when it is content. */
export type AuthenticationGuard = {
  /** @throws AuthenticationRefused when what the server asks for may not be answered. To be called before a password is handed out. */
  checkRequest(): void;
  /** @throws AuthenticationRefused when the server let us in by less than was demanded. */
  checkOutcome(): void;
};

type AuthenticationEvents = {
  on(event: string, listener: (message: {readonly mechanisms?: readonly string[]}) => void): unknown;
};

/** A guard on a client that has not connected yet. Its listeners come before the client's own, which answer. */
export function guardAuthentication(
  client: Client,
  {channelBinding, methods}: AuthenticationPolicy,
  isTls: boolean,
): AuthenticationGuard {
  let method: AuthenticationMethod = 'none';
  let isBound = false;
  let isProven = false;
  const {connection} = client as unknown as {connection: AuthenticationEvents};
  connection.on('authenticationCleartextPassword', () => {
    method = 'password';
  });
  connection.on('authenticationMD5Password', () => {
    method = 'md5';
  });
  connection.on('authenticationSASL', ({mechanisms = []}) => {
    method = 'scram-sha-256';
    isBound = isTls && channelBinding !== 'disable' && mechanisms.includes('SCRAM-SHA-256-PLUS');
  });
  connection.on('authenticationSASLFinal', () => {
    isProven = true;
  });
  const check = () => {
    const refusal = refusalOf({channelBinding, methods}, method, isBound, isTls);
    if (refusal !== null) throw new AuthenticationRefused(refusal);
  };
  return {
    checkRequest: check,
    checkOutcome() {
      check();
      if (method === 'scram-sha-256' && !isProven)
        throw new AuthenticationRefused('the server did not prove that it knows the password');
    },
  };
}

function refusalOf(
  {channelBinding, methods}: AuthenticationPolicy,
  method: AuthenticationMethod,
  isBound: boolean,
  isTls: boolean,
): string | null {
  if (methods !== undefined && !methods.has(method)) {
    const asked = method === 'none' ? 'asked for no proof' : `asked for ${method}`;
    return `require_auth does not allow it: the server ${asked}`;
  }
  if (channelBinding !== 'require' || isBound) return null;
  return isTls
    ? 'channel_binding=require, and the server does not bind the login to the TLS channel'
    : 'channel_binding=require needs TLS';
}
