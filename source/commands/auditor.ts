import {homedir, hostname} from 'node:os';
import {type AuditLog, defaultAuditPath, openAuditLog} from '../host/audit-log.ts';
import {osUser} from '../host/os-user.ts';
import {auditRecord} from '../model/audit-record.ts';
import {type ReadAuditRecord, readAuditLine} from '../model/read-audit-record.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {AuditNote} from './audit-note.ts';
import type {Arguments} from './parse-arguments.ts';

/** Writes what is signalled to the audit log, by the clock of the server that the latest snapshot came from. */
export type Auditor = {
  observe(snapshot: Snapshot): void;
  /** @returns why it could not be written, or null */
  note(note: AuditNote): string | null;
  /** Why the log cannot be written now, or null. */
  problem(): string | null;
  /** The latest records, oldest first. */
  records(): readonly ReadAuditRecord[];
};

/** The log that `--audit-log` names; `otherwise` where it is not given. */
export function auditLogOf({values}: Pick<Arguments, 'values'>, otherwise: 'default' | 'none'): AuditLog {
  const given = values['audit-log'];
  if (given === 'none' || (given === undefined && otherwise === 'none')) return openAuditLog(null);
  return openAuditLog(given ?? defaultAuditPath(process.env, homedir()));
}

/** An auditor that has seen no snapshot. */
export function createAuditor(log: AuditLog, reason: string | null, clockMs: () => number): Auditor {
  const operator = {osUser: osUser(), host: hostname()};
  let latest: {readonly snapshot: Snapshot; readonly atMs: number} | null = null;
  return {
    observe(snapshot) {
      latest = {snapshot, atMs: clockMs()};
    },
    note(note) {
      if (latest === null) return 'no data have come from the server yet';
      const {collectedAt} = latest.snapshot.reading;
      const at = collectedAt + Math.round((clockMs() - latest.atMs) * 1000);
      const record = auditRecord({...note, at, reason}, operator, note.server);
      return log.append(JSON.stringify(record), note.event === 'signal');
    },
    problem: () => log.problem(),
    records: () => log.recent().flatMap(line => readAuditLine(line) ?? []),
  };
}
