import {formatBytes, formatDuration} from '../model/format.ts';
import {fit, textWidth} from '../model/text-width.ts';
import {describeAttempt} from '../postgres/resolve-connection/describe-plan.ts';
import {sourceText} from '../postgres/resolve-connection/setting.ts';
import {errorText} from '../postgres/sql-state.ts';
import {encryptionText} from '../state/header-lines.ts';
import type {Diagnosis} from './doctor.ts';

/** What the doctor found as a page to read: a heading for each part, its lines in columns. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const {parameters, attempts, pooler, examination, findings} = diagnosis;
  const parts: readonly (readonly [heading: string, rows: readonly (readonly string[])[]])[] = [
    [
      'Parameters',
      parameters.map(({name, value, source}) => [name, value ?? '(not shown)', sourceText(source)]),
    ],
    ['Tried', attempts.map(attemptCells)],
    ...(pooler === null ? [] : [['Pooler', [[pooler]]] as const]),
    ...(examination === null
      ? []
      : ([
          ['Server', serverRows(examination)],
          [`Rights of ${examination.server.user}`, rightsRows(examination)],
          ['Settings', examination.settings.map(({name, value, unit}) => [name, withUnit(value, unit)])],
        ] as const)),
    [
      'Findings',
      findings.length === 0
        ? [['none: pgtop can do all it is made for here']]
        : findings.flatMap(({level, message, fix}) => [
            [level, message],
            ...(fix === null ? [] : [['', fix]]),
          ]),
    ],
  ];
  return parts.map(([heading, rows]) => [heading, ...columns(rows)].join('\n')).join('\n\n');
}

/** Rows in columns as wide as their widest cell; the last one as long as it is. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<readonly number[]>(
    (widest, row) =>
      row
        .map((cell, index) => Math.max(widest[index] ?? 0, textWidth(cell)))
        .concat(widest.slice(row.length)),
    [],
  );
  return rows.map(row => {
    const cells = row.map((cell, index) =>
      index === row.length - 1 ? cell : fit(cell, widths[index] ?? 0, 'left'),
    );
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

function attemptCells({place, address, isTls, error}: Diagnosis['attempts'][number]): readonly string[] {
  const kind = place.kind === 'socket' ? 'socket' : isTls ? 'TLS' : 'plaintext';
  return [describeAttempt(place), address ?? '', kind, error === null ? 'connected' : errorText(error)];
}

type Examination = NonNullable<Diagnosis['examination']>;

function serverRows({server, lag, sessions}: Examination): readonly (readonly string[])[] {
  const role = server.inRecovery ? 'standby' : 'primary';
  return [
    ['version', server.version],
    ['role', lag === null ? role : `${role}, ${lagText(lag)}`],
    ['connection', encryptionText(server.encryption) ?? 'socket of this machine'],
    ['pooler', 'none in between'],
    ['sessions', `${sessions.all} of clients, ${server.maxConnections} connections at most`],
  ];
}

function lagText({seconds, bytes}: NonNullable<Examination['lag']>): string {
  const age =
    seconds === null
      ? 'nothing replayed yet'
      : `last transaction replayed ${formatDuration(seconds * 1000)} ago`;
  return bytes === null ? age : `${age}, ${formatBytes(bytes)} received and not replayed`;
}

function rightsRows({rights, sessions}: Examination): readonly (readonly string[])[] {
  const word = (holds: boolean) => (holds ? 'yes' : 'no');
  const hidden = rights.readsAllStats ? '' : `, ${sessions.hidden} of ${sessions.all} sessions are hidden`;
  const {signalsAutovacuum, usesReservedConnections} = rights;
  return [
    ['superuser', word(rights.isSuperuser)],
    ['lock-wait tree', 'yes, as any role'],
    ['state and query of all sessions (pg_read_all_stats)', `${word(rights.readsAllStats)}${hidden}`],
    ["signals to other roles' sessions (pg_signal_backend)", word(rights.signalsBackends)],
    ["signals to superusers' sessions (superuser)", word(rights.isSuperuser)],
    ...(signalsAutovacuum === null
      ? []
      : [['signals to autovacuum workers (pg_signal_autovacuum_worker)', word(signalsAutovacuum)]]),
    ...(usesReservedConnections === null
      ? []
      : [['reserved connections (pg_use_reserved_connections)', word(usesReservedConnections)]]),
  ];
}

/** `8192 kB`, `30 s`; a unit of several bytes, as `8kB` blocks, as a product. */
function withUnit(value: string, unit: string): string {
  return /^\d/.test(unit) ? `${value} x ${unit}` : `${value} ${unit}`.trimEnd();
}
