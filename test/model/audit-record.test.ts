import {expect, test} from 'vitest';
import {type AuditEvent, auditRecord} from '../../source/model/audit-record.ts';
import {readAuditLine, readAuditRecord} from '../../source/model/read-audit-record.ts';
import {session} from '../helpers/builders.ts';
import {processesSnapshot, serverProcess} from '../helpers/server-processes.ts';
import {NOW, server} from '../helpers/snapshots.ts';

const EVENT: AuditEvent = {
  event: 'outcome',
  at: NOW,
  action: 'terminate',
  reason: 'deploy',
  session: session({xactAgeMs: 1500, blocksInTotal: 3}),
  pid: 4711,
  result: 'ended',
  afterMs: 7,
};
const RECORD = auditRecord(EVENT, {osUser: 'dba', host: 'bastion'}, server());

test('a record has every field of the contract under its name', () => {
  expect(RECORD).toEqual({
    event: 'outcome',
    at: '2026-09-21T14:13:20.000000Z',
    action: 'terminate',
    reason: 'deploy',
    target: {
      pid: 4711,
      backend_start: '2026-09-21T14:13:20.000000Z',
      usename: 'alice',
      datname: 'shop',
      application_name: 'web',
      client_addr: '10.0.0.7',
      state: 'active',
      xact_age: 1.5,
      query: 'SELECT 1',
    },
    blocked_in_total: 3,
    operator: {os_user: 'dba', host: 'bastion', role: 'monitor'},
    server: {host: 'db.example', port: 5432, version: '18.4 (Debian 18.4-1)'},
    result: 'ended',
    sqlstate: null,
    message: null,
    after_ms: 7,
  });
});

test('a pid that no session had is a record too', () => {
  const {target, blocked_in_total} = auditRecord(
    {...EVENT, session: null},
    {osUser: null, host: 'h'},
    server(),
  );
  expect([target.pid, target.backend_start, target.query, blocked_in_total]).toEqual([
    4711,
    null,
    null,
    null,
  ]);
});

test('a process of a full server has null for what only the server could tell', () => {
  const [process] = processesSnapshot([serverProcess(11, 'postgres: web shop [local] SELECT')]).sessions;
  const {target, blocked_in_total} = auditRecord(
    {...EVENT, pid: 11, session: process ?? null},
    {osUser: 'postgres', host: 'db'},
    server(),
  );
  expect([target.application_name, target.xact_age, blocked_in_total]).toEqual([null, null, null]);
  expect(target).toMatchObject({
    pid: 11,
    backend_start: '2026-09-21T14:03:20.000000Z',
    usename: 'web',
    datname: 'shop',
    state: 'active',
    query: 'SELECT',
  });
});

test('a line is read back as the record it was', () => {
  expect(readAuditLine(JSON.stringify(RECORD))).toEqual(readAuditRecord(RECORD));
  expect(readAuditRecord(RECORD)).toMatchObject({pid: 4711, result: 'ended', afterMs: 7, osUser: 'dba'});
});

test.each(['', '{"event":"sig', '7', 'null', '"x"'])('%j is no record', text => {
  expect(readAuditLine(text)).toBeNull();
});

test('what somebody else put into the file does not reach the terminal as a control', () => {
  const line = JSON.stringify({
    event: 'signal',
    action: '\u001b]0;x\u0007',
    target: {pid: 'x', usename: '\u009b2J', datname: 3},
    operator: 'root',
  });
  const record = readAuditLine(line);
  expect(record).toMatchObject({pid: null, datname: null, osUser: null});
  expect(`${record?.action}${record?.usename}`).not.toMatch(/\p{Cc}/u);
});
