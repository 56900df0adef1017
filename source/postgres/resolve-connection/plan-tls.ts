import {UsageError} from '../../model/usage-error.ts';
import {SSL_MODES, type SslMode, type TlsPlan} from './connection-plan.ts';
import {givenValue, quoted, type Settings, sourceText} from './setting.ts';

/** What sslmode, sslrootcert, sslcert and sslkey ask for, with libpq's own file names where nothing is given. @throws UsageError for an unknown sslmode */
export function planTls(settings: Settings, homeFolder: string | undefined): TlsPlan {
  const inHome = (name: string) =>
    homeFolder === undefined ? undefined : `${homeFolder}/.postgresql/${name}`;
  const isWithoutCertificate = settings.get('sslcertmode')?.value === 'disable';
  return {
    mode: modeOf(settings),
    rootCertificateFile: givenValue(settings, 'sslrootcert') ?? inHome('root.crt'),
    certificateFile: isWithoutCertificate
      ? undefined
      : (givenValue(settings, 'sslcert') ?? inHome('postgresql.crt')),
    keyFile: isWithoutCertificate ? undefined : (givenValue(settings, 'sslkey') ?? inHome('postgresql.key')),
    revocationFile: inHome('root.crl'),
  };
}

function modeOf(settings: Settings): SslMode {
  const setting = settings.get('sslmode');
  if (setting === undefined) return 'prefer';
  const mode = SSL_MODES.find(known => known === setting.value);
  if (mode !== undefined) return mode;
  throw new UsageError(
    `sslmode from ${sourceText(setting.source)} is unknown: ${quoted(setting.value)}`,
    `It is one of ${SSL_MODES.join(', ')}.`,
  );
}
