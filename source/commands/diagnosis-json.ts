import {serverJson} from '../model/session-json.ts';
import type {Encryption} from '../model/snapshot.ts';
import {isoTimestamp} from '../model/timestamp.ts';
import {sourceText} from '../postgres/resolve-connection/setting.ts';
import {errorText} from '../postgres/sql-state.ts';
import type {Diagnosis} from './doctor.ts';

/** What the doctor found as scripts get it: names as the catalog spells them, absent values null, no password. */
export function diagnosisJson({parameters, attempts, pooler, examination, findings}: Diagnosis): string {
  const document = {
    parameters: parameters.map(({name, value, source}) => ({
      name,
      value: value ?? null,
      source: sourceText(source),
    })),
    attempts: attempts.map(({place, address, isTls, error}) => ({
      host: place.host,
      address,
      port: place.port,
      tls: isTls,
      error: error === null ? null : errorText(error),
    })),
    pooler,
    server: examination === null ? null : serverPart(examination),
    rights: examination === null ? null : rightsPart(examination),
    settings:
      examination === null
        ? null
        : Object.fromEntries(
            examination.settings.map(({name, value, unit}) => [name, {value, unit: unit || null}]),
          ),
    findings,
  };
  return JSON.stringify(document, null, 2);
}

type Examination = NonNullable<Diagnosis['examination']>;

function serverPart({server, lag, sessions}: Examination) {
  return {
    ...serverJson(server),
    replay_age: lag?.seconds ?? null,
    replay_bytes_behind: lag?.bytes ?? null,
    client_sessions: sessions.all,
    encryption: encryptionPart(server.encryption),
    system_identifier: server.identity.systemIdentifier,
    postmaster_start_time: isoTimestamp(server.identity.startedAt),
  };
}

function encryptionPart(encryption: Encryption) {
  return encryption.type === 'tls'
    ? {type: 'tls', version: encryption.version, verified: encryption.isVerified}
    : {type: encryption.type, version: null, verified: null};
}

function rightsPart({rights, server, sessions}: Examination) {
  return {
    user: server.user,
    database: server.database,
    superuser: rights.isSuperuser,
    pg_read_all_stats: rights.readsAllStats,
    pg_signal_backend: rights.signalsBackends,
    pg_signal_autovacuum_worker: rights.signalsAutovacuum,
    pg_use_reserved_connections: rights.usesReservedConnections,
    hidden_sessions: sessions.hidden,
  };
}
