import {UsageError} from '../../model/usage-error.ts';
import {SSL_MODES, type SslMode, type TlsPlan, type TlsVersion} from './connection-plan.ts';
import type {ConnectionRequest} from './connection-request.ts';
import {choiceOf, givenValue, quoted, type Settings} from './setting.ts';

/** Where systems keep the certificates they trust: Debian, Red Hat, SUSE, macOS and Alpine. */
const SYSTEM_ROOTS: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** What the parameters about TLS ask for, with libpq's own file names where nothing is given. @throws UsageError for a value that is unknown or too weak beside another */
export function planTls(settings: Settings, request: ConnectionRequest): TlsPlan {
  const {homeFolder} = request;
  const inHome = (name: string) =>
    homeFolder === undefined ? undefined : `${homeFolder}/.postgresql/${name}`;
  const isWithoutCertificate = settings.get('sslcertmode')?.value === 'disable';
  const mode = modeOf(settings);
  const minVersion = versionOf(settings, 'ssl_min_protocol_version') ?? 'TLSv1.2';
  const maxVersion = versionOf(settings, 'ssl_max_protocol_version');
  if (maxVersion !== undefined && maxVersion < minVersion)
    throw new UsageError(`no version of TLS lies between ${minVersion} and ${maxVersion}`);
  return {
    mode,
    isDirect: isDirect(settings, mode),
    sendsServerName: (givenValue(settings, 'sslsni') ?? '1').startsWith('1'),
    minVersion,
    maxVersion,
    rootCertificateFile: rootFile(settings, request) ?? inHome('root.crt'),
    certificateFile: isWithoutCertificate
      ? undefined
      : (givenValue(settings, 'sslcert') ?? inHome('postgresql.crt')),
    keyFile: isWithoutCertificate ? undefined : (givenValue(settings, 'sslkey') ?? inHome('postgresql.key')),
    keyPassword: givenValue(settings, 'sslpassword'),
    revocationFile: givenValue(settings, 'sslcrl') ?? inHome('root.crl'),
    needsRevocationFile: givenValue(settings, 'sslcrl') !== undefined,
  };
}

/** `system` means the certificates that the operating system trusts, and then only their full check makes sense. */
function rootFile(settings: Settings, {environment, readFile}: ConnectionRequest): string | undefined {
  const given = givenValue(settings, 'sslrootcert');
  if (given !== 'system') return given;
  const own = environment.SSL_CERT_FILE;
  const candidates = own === undefined || own === '' ? SYSTEM_ROOTS : [own];
  const found = candidates.find(path => readFile(path) !== null);
  if (found !== undefined) return found;
  throw new UsageError(
    `sslrootcert=system: this machine keeps no certificates in ${candidates.join(', ')}`,
    'Name the file with sslrootcert, or in SSL_CERT_FILE.',
  );
}

function modeOf(settings: Settings): SslMode {
  const isSystem = givenValue(settings, 'sslrootcert') === 'system';
  const mode = choiceOf(settings, 'sslmode', SSL_MODES, isSystem ? 'verify-full' : 'prefer');
  if (!isSystem || mode === 'verify-full') return mode;
  throw new UsageError(
    `sslmode=${mode} is too weak for sslrootcert=system, under which any public certificate passes`,
    'Use sslmode=verify-full.',
  );
}

function isDirect(settings: Settings, mode: SslMode): boolean {
  if (choiceOf(settings, 'sslnegotiation', ['postgres', 'direct'], 'postgres') === 'postgres') return false;
  if (mode === 'require' || mode.startsWith('verify-')) return true;
  throw new UsageError(
    `sslmode=${mode} is too weak for sslnegotiation=direct, which has no way back to plaintext`,
    'Use sslmode=require, verify-ca or verify-full.',
  );
}

const VERSIONS: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

function versionOf(settings: Settings, name: string): TlsVersion | undefined {
  const value = givenValue(settings, name);
  const version = VERSIONS.find(known => known.toLowerCase() === value?.toLowerCase());
  if (value === undefined || version !== undefined) return version;
  throw new UsageError(`${name} is unknown: ${quoted(value)}`, `It is one of ${VERSIONS.join(', ')}.`);
}
