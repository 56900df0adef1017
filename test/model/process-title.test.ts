import {describe, expect, test} from 'vitest';
import {clusterPrefix, isServerTitle, readProcessTitle} from '../../source/model/process-title.ts';

describe('the title of a client', () => {
  test.each([
    ['app shop [local] idle', ['app', 'shop', null, -1, 'idle', null, false]],
    ['app shop 127.0.0.1(54321) SELECT', ['app', 'shop', '127.0.0.1', 54321, 'active', 'SELECT', false]],
    ['app shop ::1(54321) SELECT waiting', ['app', 'shop', '::1', 54321, 'active', 'SELECT', true]],
    [
      'app shop db.example(1) CREATE INDEX',
      ['app', 'shop', 'db.example', 1, 'active', 'CREATE INDEX', false],
    ],
    ['app shop [local] idle in transaction', ['app', 'shop', null, -1, 'idle in transaction', null, false]],
    [
      'app shop [local] idle in transaction (aborted)',
      ['app', 'shop', null, -1, 'idle in transaction (aborted)', null, false],
    ],
    ['app shop [local] authentication', ['app', 'shop', null, -1, 'starting', null, false]],
    ['app shop [local] startup waiting', ['app', 'shop', null, -1, 'starting', null, true]],
    // With update_process_title = off there is nothing behind the client.
    ['app shop [local]', ['app', 'shop', null, -1, null, null, false]],
    ['app shop [local] ', ['app', 'shop', null, -1, null, null, false]],
    // Names with spaces could be cut anywhere.
    ['my app shop [local] idle', [null, null, null, -1, 'idle', null, false]],
    ['app shop 10.0.0.1(5) idle [local] DELETE', [null, null, null, -1, 'active', 'DELETE', false]],
    ['checkpointer shop [local] idle', ['checkpointer', 'shop', null, -1, 'idle', null, false]],
  ] as const)(
    '%j tells what it tells',
    (own, [usename, datname, clientAddr, clientPort, state, command, isWaiting]) => {
      expect(readProcessTitle(`postgres: ${own}`, '')).toEqual({
        backendType: 'client backend',
        usename,
        datname,
        clientAddr,
        clientPort,
        state,
        command,
        isWaiting,
        leaderPid: null,
      });
      expect(readProcessTitle(`postgres: main: x: ${own}`, 'main: x: ')).toMatchObject({
        usename,
        datname,
        state,
      });
    },
  );
});

describe('the title of a background process', () => {
  test.each([
    ['checkpointer', 'checkpointer'],
    ['checkpointer process', 'checkpointer'],
    ['writer process', 'background writer'],
    ['background writer', 'background writer'],
    ['wal writer process', 'walwriter'],
    ['wal receiver process   streaming 0/3000148', 'walreceiver'],
    ['walreceiver streaming 0/3000148', 'walreceiver'],
    ['startup recovering 000000010000000000000003', 'startup'],
    ['startup process   recovering 000000010000000000000003', 'startup'],
    ['startup', 'startup'],
    ['archiver last was 000000010000000000000003', 'archiver'],
    ['stats collector process', 'stats collector'],
    ['autovacuum launcher process', 'autovacuum launcher'],
    ['autovacuum worker process   shop', 'autovacuum worker'],
    ['autovacuum worker shop [local] idle', 'autovacuum worker'],
    ['autovacuum worker', 'autovacuum worker'],
    ['wal sender process app 10.0.0.9(4000) streaming 0/3000148', 'walsender'],
    ['walsender app shop [local] START_REPLICATION', 'walsender'],
    ['bgworker: logical replication launcher', 'logical replication launcher'],
    ['logical replication launcher', 'logical replication launcher'],
    ['io worker 0', 'io worker'],
    ['pg_cron launcher', 'pg_cron launcher'],
  ])('%j is never taken for a client', (own, backendType) => {
    expect(readProcessTitle(`postgres: ${own}`, '')).toMatchObject({backendType, usename: null, state: null});
  });

  test.each(['parallel worker for PID 4711', 'bgworker: parallel worker for PID 4711'])(
    '%j names the leader of a parallel worker',
    own => {
      const title = readProcessTitle(`postgres: ${own}`, '');
      expect(title).toMatchObject({backendType: 'parallel worker', leaderPid: 4711});
    },
  );
});

describe("a cluster's name", () => {
  test.each([
    [['postgres: app shop [local] idle', 'postgres: checkpointer'], ''],
    [['postgres: main: app shop [local] idle', 'postgres: main: checkpointer'], 'main: '],
    [['postgres: a: b: checkpointer process', 'postgres: a: b: writer process'], 'a: b: '],
    [['postgres: app shop [local] idle'], ''],
    // A role of this name is a client, whatever it is called.
    [['postgres: main: checkpointer', 'postgres: x: checkpointer shop [local] idle'], 'main: '],
  ])('is read off the checkpointer of %j', (titles, prefix) => {
    expect(clusterPrefix(titles)).toBe(prefix);
  });
});

test("a postmaster's own command line is no title", () => {
  expect(isServerTitle('/usr/lib/postgresql/18/bin/postgres -D /data')).toBe(false);
  expect(isServerTitle('postgres: checkpointer')).toBe(true);
});
