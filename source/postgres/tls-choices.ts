import {isIP} from 'node:net';
import {sanitise} from '../model/sanitise.ts';
import {UsageError} from '../model/usage-error.ts';
import type {Endpoint} from './connection.ts';
import type {ConnectionAttempt, ConnectionPlan} from './resolve-connection/connection-plan.ts';
import type {ReadUserFile} from './resolve-connection/connection-request.ts';
import {readTlsFiles} from './resolve-connection/read-tls-files.ts';
import {checkServerName} from './server-name.ts';

/** The kinds of connection that sslmode allows at a place, in the order in which libpq tries them. @throws UsageError for a certificate file that cannot be used */
export async function tlsChoices(
  plan: ConnectionPlan,
  attempt: ConnectionAttempt,
  readFile: ReadUserFile,
): Promise<readonly Endpoint['tls'][]> {
  const {mode} = plan.tls;
  if (attempt.kind === 'socket' || mode === 'disable') return [false];
  const tls = await tlsOf(plan.tls, attempt, readFile);
  if (mode === 'prefer') return [tls, false];
  return mode === 'allow' ? [false, tls] : [tls];
}

async function tlsOf(
  plan: ConnectionPlan['tls'],
  {host, isNameless}: ConnectionAttempt,
  readFile: ReadUserFile,
): Promise<Exclude<Endpoint['tls'], false>> {
  const {verify, rootCertificates, certificate, key, revocationList} = readTlsFiles(plan, readFile);
  if (key !== undefined) await checkKey(key, plan);
  const name = isNameless ? '' : host;
  return {
    isDirect: plan.isDirect,
    isVerified: verify !== 'nothing',
    options: {
      rejectUnauthorized: verify !== 'nothing',
      checkServerIdentity: (_, peer) => (verify === 'full' ? checkServerName(name, peer) : undefined),
      minVersion: plan.minVersion,
      ...(plan.maxVersion === undefined ? {} : {maxVersion: plan.maxVersion}),
      ...(plan.sendsServerName && isIP(host) === 0 ? {servername: host} : {}),
      ...(rootCertificates === undefined ? {} : {ca: rootCertificates}),
      ...(revocationList === undefined ? {} : {crl: revocationList}),
      ...(certificate === undefined ? {} : {cert: certificate}),
      ...(key === undefined ? {} : {key}),
      ...(plan.keyPassword === undefined ? {} : {passphrase: plan.keyPassword}),
    },
  };
}

/** @throws UsageError for a key that is none, or that the password does not open: the handshake would only say "bad decrypt". */
async function checkKey(key: string, {keyFile, keyPassword}: ConnectionPlan['tls']): Promise<void> {
  const {createPrivateKey} = await import('node:crypto');
  try {
    createPrivateKey({key, passphrase: keyPassword ?? ''});
  } catch (error) {
    const isEncrypted = key.includes('ENCRYPTED');
    throw new UsageError(
      `the client key ${sanitise(keyFile ?? '')} ${isEncrypted ? 'is encrypted' : 'is no private key in PEM'}`,
      isEncrypted ? 'Give the password that opens it in sslpassword, best in a service file.' : undefined,
      {cause: error},
    );
  }
}
