import type {Session} from './session.ts';
import type {SignalAction} from './signal.ts';
import type {Server} from './snapshot.ts';
import {isoTimestamp, type Microseconds} from './timestamp.ts';

/** One line of the audit log: written before a signal is sent, and again when its outcome is known. Names are those of the file. */
export type AuditRecord = {
  readonly event: 'signal' | 'outcome';
  /** When, on the server's clock, ISO 8601. */
  readonly at: string;
  readonly action: SignalAction;
  /** What the operator gave as the reason; null for none. */
  readonly reason: string | null;
  readonly target: {
    readonly pid: number;
    readonly backend_start: string | null;
    readonly usename: string | null;
    readonly datname: string | null;
    readonly application_name: string | null;
    readonly client_addr: string | null;
    readonly state: string | null;
    /** Seconds. */
    readonly xact_age: number | null;
    readonly query: string | null;
  };
  /** How many sessions waited behind it. */
  readonly blocked_in_total: number | null;
  readonly operator: {readonly os_user: string | null; readonly host: string; readonly role: string};
  readonly server: {readonly host: string; readonly port: number; readonly version: string};
  /** Null before the server has answered. */
  readonly result: AuditResult | null;
  readonly sqlstate: string | null;
  /** The server's words, or why nothing was sent. */
  readonly message: string | null;
  readonly after_ms: number | null;
};

/** How a signal ended. `signalled`: the server took it, and pgtop ended before more was known. */
export type AuditResult =
  | 'signalled'
  | 'gone'
  | 'moved-on'
  | 'refused'
  | 'ended'
  | 'cancelled'
  | 'still-there'
  | 'not-sent'
  | 'unknown';

/** What was or was not done to a session, as far as it is known when a record is written. */
export type AuditEvent = {
  readonly event: AuditRecord['event'];
  readonly at: Microseconds;
  readonly action: SignalAction;
  readonly reason: string | null;
  /** Null for a pid that no session had. */
  readonly session: Session | null;
  readonly pid: number;
  readonly result: AuditResult | null;
  readonly sqlState?: string | null;
  readonly message?: string | null;
  readonly afterMs?: number | null;
};

/** Who pgtop runs as. `osUser` null: the system has no name for the user. */
export type Operator = {readonly osUser: string | null; readonly host: string};

/** The record of an event. Texts come sanitised and with passwords masked, as every session's do. */
export function auditRecord(event: AuditEvent, operator: Operator, server: Server): AuditRecord {
  const {session} = event;
  const backend = session?.backend;
  const xactAgeMs = session?.xactAgeMs ?? null;
  // A process does not tell what only the server knows.
  const isProcess = session != null && session.serverProcess !== null;
  return {
    event: event.event,
    at: isoTimestamp(event.at),
    action: event.action,
    reason: event.reason,
    target: {
      pid: event.pid,
      backend_start: backend?.backendStart == null ? null : isoTimestamp(backend.backendStart),
      usename: backend?.usename ?? null,
      datname: backend?.datname ?? null,
      application_name: isProcess ? null : (backend?.applicationName ?? null),
      client_addr: backend?.clientAddr ?? null,
      state: backend?.state ?? null,
      xact_age: xactAgeMs === null ? null : xactAgeMs / 1000,
      query: backend?.query ?? null,
    },
    blocked_in_total: isProcess ? null : (session?.blocksInTotal ?? null),
    operator: {os_user: operator.osUser, host: operator.host, role: server.user},
    server: {host: server.host, port: server.port, version: server.version},
    result: event.result,
    sqlstate: event.sqlState ?? null,
    message: event.message ?? null,
    after_ms: event.afterMs ?? null,
  };
}
