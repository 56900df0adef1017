import {sanitise} from '../../model/sanitise.ts';
import {UsageError} from '../../model/usage-error.ts';
import type {TlsPlan} from './connection-plan.ts';
import type {ReadUserFile} from './connection-request.ts';

/** What a TLS connection has to check, and the PEM texts it needs. Holds a private key: never to be printed. */
export type TlsFiles = {
  /** `chain`: a certificate signed by one of `rootCertificates`; `full`: and made out to the host's name. */
  readonly verify: 'nothing' | 'chain' | 'full';
  readonly rootCertificates: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Certificates that count no longer; undefined when none are looked up. */
  readonly revocationList: string | undefined;
};

/**
 * Reads the files that a TLS connection needs, with libpq's rules: a root certificate that is there is always checked
 * against, also under `require` and below; a certificate that is there is sent, and needs a key nobody else may read.
 * Not to be called for a socket, nor under `disable`. @throws UsageError for a file that is missing, unreadable or not kept safe
 */
export function readTlsFiles(tls: TlsPlan, readFile: ReadUserFile): TlsFiles {
  const rootCertificates = readPem(tls.rootCertificateFile, 'root certificate', readFile);
  if (rootCertificates === undefined && tls.mode.startsWith('verify-')) {
    throw new UsageError(
      `sslmode=${tls.mode} needs a root certificate, and ${shown(tls.rootCertificateFile)} does not exist`,
      'Name the file with sslrootcert or PGSSLROOTCERT.',
    );
  }
  const revocationList = readPem(tls.revocationFile, 'revocation list', readFile);
  if (revocationList === undefined && tls.needsRevocationFile) {
    throw new UsageError(`there is no revocation list ${shown(tls.revocationFile)}`);
  }
  const certificate = readPem(tls.certificateFile, 'client certificate', readFile);
  return {
    verify: rootCertificates === undefined ? 'nothing' : tls.mode === 'verify-full' ? 'full' : 'chain',
    rootCertificates,
    certificate,
    key: certificate === undefined ? undefined : readKey(tls, readFile),
    revocationList: rootCertificates === undefined ? undefined : revocationList,
  };
}

function readPem(path: string | undefined, called: string, readFile: ReadUserFile): string | undefined {
  const file = path === undefined ? null : readFile(path);
  if (file === null) return undefined;
  if (file.text !== undefined) return file.text;
  throw new UsageError(`cannot read the ${called} ${shown(path)}`);
}

function readKey({keyFile, certificateFile}: TlsPlan, readFile: ReadUserFile): string {
  const file = keyFile === undefined ? null : readFile(keyFile);
  if (file === null) {
    throw new UsageError(
      `there is a client certificate ${shown(certificateFile)}, but not its key ${shown(keyFile)}`,
      'Name the key with sslkey or PGSSLKEY, or send no certificate with sslcertmode=disable.',
    );
  }
  // Root may hand a key to a group; anybody else's is the owner's alone.
  const forbidden = file.ownerId === 0 ? 0o037 : 0o077;
  if (file.kind === 'file' && (file.mode & forbidden) !== 0) {
    throw new UsageError(`others may read the client key ${shown(keyFile)}`, `chmod 600 ${shown(keyFile)}`);
  }
  if (file.text === undefined) throw new UsageError(`cannot read the client key ${shown(keyFile)}`);
  return file.text;
}

function shown(path: string | undefined): string {
  return path === undefined ? 'the default file' : sanitise(path);
}
