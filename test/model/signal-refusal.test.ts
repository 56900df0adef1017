import {describe, expect, test} from 'vitest';
import type {Backend} from '../../source/model/backend.ts';
import type {SignalAction} from '../../source/model/signal.ts';
import {signalRefusal, targetOf} from '../../source/model/signal-refusal.ts';
import {PG_SIGNAL_AUTOVACUUM_WORKER, PG_SIGNAL_BACKEND} from '../../source/model/signal-rights.ts';
import type {Reading} from '../../source/model/snapshot.ts';
import {backend, session} from '../helpers/builders.ts';
import {server, snapshot} from '../helpers/snapshots.ts';

const SUPERUSER = {isSuperuser: true, isOwn: true};
const OTHER = {isSuperuser: false, isOwn: false};
const OWN = {isSuperuser: false, isOwn: true};
const ALICE = 16_385;

const refusal = (action: SignalAction, differences: Partial<Backend>, reading: Partial<Reading> = {}) =>
  signalRefusal(action, session({backend: differences}), snapshot(reading));

/** What a role that is no superuser may do: its own roles' and others' rights by oid. */
const as = (...roles: Reading['rights']['roles']): Partial<Reading> => ({
  rights: {isSuperuser: false, roles},
});

describe('a superuser', () => {
  test.each<[string, Partial<Backend>]>([
    ['an active client', {}],
    ['a client that waits for a lock', {waitEventType: 'Lock'}],
    ['a walsender', {backendType: 'walsender'}],
    ['an autovacuum worker', {backendType: 'autovacuum worker', usesysid: null}],
    ['a kind of process it does not know', {backendType: 'TimescaleDB scheduler'}],
  ])('may cancel and terminate %s', (_, differences) => {
    expect([refusal('cancel', differences), refusal('terminate', differences)]).toEqual([null, null]);
  });

  test.each(['idle', 'idle in transaction', 'idle in transaction (aborted)'])(
    'has nothing to cancel in a session that is %s, but may terminate it',
    state => {
      expect(refusal('cancel', {state})).toMatchObject({
        reason: 'not-cancellable',
        text: expect.stringContaining(`4711 is ${state}: nothing to cancel`),
      });
      expect(refusal('terminate', {state})).toBeNull();
    },
  );

  test.each([
    'checkpointer',
    'background writer',
    'walwriter',
    'archiver',
    'walreceiver',
    'startup',
    'io worker',
    'autovacuum launcher',
    'logical replication launcher',
  ])('is offered no signal for the %s', backendType => {
    for (const action of ['cancel', 'terminate'] as const)
      expect(refusal(action, {backendType, state: null})).toMatchObject({reason: 'background-process'});
  });

  test.each([
    [7, 'signal its leader 7'],
    [null, 'its leader, which this server does not name'],
  ])('is led from a parallel worker to its leader %s', (leaderPid, words) => {
    expect(refusal('terminate', {backendType: 'parallel worker', leaderPid})).toEqual({
      reason: 'parallel-worker',
      text: expect.stringContaining(words),
    });
  });
});

describe('another role', () => {
  test.each<[string, Partial<Reading>, string | null]>([
    ['of a role it is a member of', as([ALICE, OWN]), null],
    ['of any role, as a member of pg_signal_backend', as([ALICE, OTHER], [PG_SIGNAL_BACKEND, OWN]), null],
    ['of a role that is not looked up yet', as(), null],
    [
      'of another role',
      as([ALICE, OTHER], [PG_SIGNAL_BACKEND, OTHER]),
      'GRANT pg_signal_backend TO monitor;',
    ],
    [
      'of a superuser',
      as([ALICE, {...SUPERUSER, isOwn: false}], [PG_SIGNAL_BACKEND, OWN]),
      'only a superuser may',
    ],
    ['of a superuser it is a member of', as([ALICE, SUPERUSER]), 'only a superuser may'],
  ])('is told about a session %s', (_, reading, words) => {
    const refused = refusal('terminate', {}, reading);
    expect(refused?.reason ?? null).toBe(words === null ? null : 'not-permitted');
    if (words !== null) expect(refused?.text).toContain(words);
  });

  const worker = {backendType: 'autovacuum worker', usesysid: null, usename: null} as const;

  test.each<[number, readonly number[], boolean]>([
    [100_023, [PG_SIGNAL_BACKEND], true],
    [100_023, [], false],
    [140_023, [PG_SIGNAL_BACKEND], false],
    [180_004, [PG_SIGNAL_BACKEND], false],
    [180_004, [PG_SIGNAL_AUTOVACUUM_WORKER], true],
  ])('on %d as a member of %j may signal an autovacuum worker: %s', (versionNum, member, may) => {
    const reading = {...as(...member.map(oid => [oid, OWN] as const)), server: server({versionNum})};
    expect(refusal('cancel', worker, reading) === null).toBe(may);
  });

  test('is told on 18 which role would let it signal an autovacuum worker', () => {
    expect(refusal('cancel', worker, as())?.text).toContain('pg_signal_autovacuum_worker');
  });
});

describe('the target of a session', () => {
  const hidden = backend({backendStart: null, backendType: null, state: null});

  test('is told by its start and its query', () => {
    const target = targetOf(session({backend: {queryStart: 5}}), snapshot());
    expect(target).toEqual({kind: 'session', pid: 4711, backendStart: backend().backendStart, queryStart: 5});
  });

  test('is told by its transaction where the start is hidden', () => {
    const seen = snapshot({virtualTransactions: [[4711, '3/17']]});
    expect(targetOf(session({backend: hidden}), seen)).toEqual({
      kind: 'transaction',
      pid: 4711,
      virtualTransaction: '3/17',
      usesysid: ALICE,
      datid: 16_384,
    });
  });

  test('is told by role and database where there is nothing better', () => {
    expect(targetOf(session({backend: hidden}), snapshot())).toEqual({
      kind: 'role',
      pid: 4711,
      usesysid: ALICE,
      datid: 16_384,
    });
  });

  test('may run a query where that is hidden, so that a cancel can be tried', () => {
    expect(refusal('cancel', hidden)).toBeNull();
  });
});
