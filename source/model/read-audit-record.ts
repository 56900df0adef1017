import type {AuditRecord} from './audit-record.ts';
import {sanitise} from './sanitise.ts';

/** A record as the screen needs it, whoever wrote the file: every text sanitised, what is missing null. */
export type ReadAuditRecord = {
  readonly event: string;
  readonly at: string;
  readonly action: string;
  readonly pid: number | null;
  readonly backendStart: string | null;
  readonly usename: string | null;
  readonly datname: string | null;
  readonly applicationName: string | null;
  readonly osUser: string | null;
  readonly host: string | null;
  readonly serverHost: string | null;
  readonly reason: string | null;
  readonly result: string | null;
  readonly message: string | null;
  readonly afterMs: number | null;
};

/** A line of the audit log; null for one that is no record. */
export function readAuditLine(text: string): ReadAuditRecord | null {
  try {
    const record: unknown = JSON.parse(text);
    return isObject(record) ? readAuditRecord(record) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A record of this program's own, or one that was parsed. */
export function readAuditRecord(record: AuditRecord | Unknown): ReadAuditRecord {
  const {event, at, action, target, operator, server, reason, result, message, after_ms} = record as Unknown;
  const [whom, who, where] = [target, operator, server].map(part => (isObject(part) ? part : {}));
  return {
    event: text(event) ?? '',
    at: text(at) ?? '',
    action: text(action) ?? '',
    pid: number(whom?.pid),
    backendStart: text(whom?.backend_start),
    usename: text(whom?.usename),
    datname: text(whom?.datname),
    applicationName: text(whom?.application_name),
    osUser: text(who?.os_user),
    host: text(who?.host),
    serverHost: text(where?.host),
    reason: text(reason),
    result: text(result),
    message: text(message),
    afterMs: number(after_ms),
  };
}

type Unknown = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? sanitise(value) : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
