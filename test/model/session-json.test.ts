import {describe, expect, test} from 'vitest';
import type {LockNodeJson} from '../../source/model/session-json.ts';
import {lockNodeJson, serverJson, sessionJson} from '../../source/model/session-json.ts';
import type {Snapshot} from '../../source/model/snapshot.ts';
import {session} from '../helpers/builders.ts';
import {held, heldPrepared, ofAdvisory, wanted} from '../helpers/locks.ts';
import {BLOCKED, NOW, preparedXact, running, SECOND, server, snapshot} from '../helpers/snapshots.ts';

describe('sessionJson', () => {
  test('has the fields of the contract in their order', () => {
    expect(Object.keys(sessionJson(session())).join(' ')).toBe(
      'pid backend_start datname usename application_name client_addr client_hostname client_port backend_type ' +
        'state wait_event_type wait_event xact_start query_start state_change backend_xid backend_xmin leader_pid ' +
        'query_id query query_age xact_age state_age session_age blocked_by blocks_directly blocks_in_total',
    );
  });

  test('tells times in ISO 8601 with microseconds and ages in seconds', () => {
    const told = sessionJson(session({queryAgeMs: 1234.5, backend: {queryStart: NOW - 1, xactStart: NOW}}));
    expect(told).toMatchObject({
      query_start: '2026-09-21T14:13:19.999999Z',
      xact_start: '2026-09-21T14:13:20.000000Z',
      query_age: 1.2345,
    });
  });

  test('leaves null what is absent', () => {
    const hidden = session({
      stateAgeMs: null,
      backend: {backendStart: null, datname: null, usename: null, state: null, backendType: null},
    });
    expect(sessionJson(hidden)).toMatchObject({
      backend_start: null,
      datname: null,
      usename: null,
      state: null,
      backend_type: null,
      state_age: null,
      xact_age: null,
    });
  });

  test('keeps a query id that no JavaScript number holds', () => {
    expect(sessionJson(session({backend: {queryId: '-9223372036854775807'}})).query_id).toBe(
      '-9223372036854775807',
    );
  });
});

test('serverJson has the fields of the contract and nothing of who is connected', () => {
  expect(serverJson(server())).toEqual({
    version: '18.4 (Debian 18.4-1)',
    version_num: 180_004,
    host: 'db.example',
    port: 5432,
    in_recovery: false,
    max_connections: 100,
  });
});

describe('lockNodeJson', () => {
  const told = (data: Snapshot): readonly LockNodeJson[] =>
    data.forest.roots.map(root => lockNodeJson(root, data));

  test('has the fields of the contract for a waiter', () => {
    const waiter = told(BLOCKED)[0]?.waiters[0];
    expect({...waiter, waiters: waiter?.waiters.map(({pid}) => pid)}).toEqual({
      pid: 202,
      backend_start: '2026-09-21T13:13:20.000000Z',
      usename: 'bob',
      datname: 'shop',
      application_name: 'migrate',
      state: 'active',
      query: 'ALTER TABLE orders ADD x int',
      waiting_for: {
        locktype: 'relation',
        mode: 'AccessExclusiveLock',
        relation: 'orders',
        since: '2026-09-21T14:12:20.000000Z',
      },
      wait_age: 60,
      blocked_by: [201],
      blocks_in_total: 2,
      prepared_gid: null,
      waiters: [203, 204],
    });
  });

  test('says of a root that it waits for nothing', () => {
    expect(told(BLOCKED)[0]).toMatchObject({
      waiting_for: null,
      wait_age: null,
      blocked_by: [],
      blocks_in_total: 3,
    });
  });

  test('shows a prepared transaction without a pid and with its gid, owner and database', () => {
    const locks = [heldPrepared(812), wanted(2, NOW)];
    const root = told(snapshot({backends: [running(2, 1)], locks, preparedXacts: [preparedXact(812)]}))[0];
    expect(root).toMatchObject({
      pid: null,
      prepared_gid: 'payout',
      usename: 'alice',
      datname: 'shop',
      state: null,
    });
    expect(root?.waiters[0]?.blocked_by).toEqual([0]);
  });

  test('marks where a circle is cut, and where a session stands a second time', () => {
    const [a, b] = [ofAdvisory(1), ofAdvisory(2)];
    const mode = 'ExclusiveLock';
    const circle = [held(1, mode, a), held(2, mode, b), wanted(1, 5, mode, b), wanted(2, 6, mode, a)];
    const twice = [held(1, 'ShareLock', a), held(2, 'ShareLock', a), wanted(3, 5, mode, a)];
    const text = (locks: Snapshot['reading']['locks']) => JSON.stringify(told(snapshot({locks})));
    expect([text(circle).match(/"cycle":true/g), text(circle).match(/"repeated"/g)]).toEqual([
      ['"cycle":true'],
      null,
    ]);
    expect([text(twice).match(/"cycle"/g), text(twice).match(/"repeated":true/g)]).toEqual([
      null,
      ['"repeated":true'],
    ]);
  });

  test('tells no age of a wait that began at a moment nobody knows, and none below 0', () => {
    const ages = [null, NOW + SECOND].map(since => {
      const data = snapshot({locks: [held(1), wanted(2, since)]});
      return told(data)[0]?.waiters[0]?.wait_age;
    });
    expect(ages).toEqual([null, 0]);
  });
});
