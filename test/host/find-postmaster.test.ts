import {execFileSync} from 'node:child_process';
import {mkdirSync, rmdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {findPostmaster, type PostmasterSearch} from '../../source/host/find-postmaster.ts';
import type {ServerPlace} from '../../source/model/server-place.ts';
import {type FakeListeners, type FakeProcess, fakeProc, folderForTest} from '../helpers/fake-proc.ts';
import {place} from '../helpers/server-processes.ts';

const ROOT = 0;
const POSTGRES = 101;
const BOB = 1000;

function search(
  at: ServerPlace,
  processes: readonly FakeProcess[],
  listeners: FakeListeners,
  uid = ROOT,
): PostmasterSearch {
  return findPostmaster(at, {platform: 'linux', proc: fakeProc(processes, listeners), uid});
}

const SERVER: FakeProcess = {pid: 40, parentPid: 1, sockets: [700, 701], version: '16'};
const CHILD: FakeProcess = {pid: 41, parentPid: 40, title: 'postgres: app shop [local] idle', sockets: [700]};
const OTHER: FakeProcess = {pid: 50, parentPid: 1, sockets: [800], version: '15'};
const SOCKETS: FakeListeners = {
  unix: [
    ['/run/postgresql/.s.PGSQL.5432', 700],
    ['/run/postgresql/.s.PGSQL.5433', 800],
  ],
  tcp: [
    ['00000000:1538', 701],
    ['0100007F:1539', 800],
  ],
  tcp6: [['00000000000000000000000001000000:1538', 701]],
};
const pidOf = (found: PostmasterSearch) => (found.type === 'found' ? found.postmaster.pid : found);

describe('the postmaster', () => {
  test.each([
    ['a socket', place(), 40],
    ['another socket in the same folder', place({port: 5433}), 50],
    ['a port of all addresses', place({isSocket: false, address: '127.0.0.1'}), 40],
    ['a port of one address', place({isSocket: false, address: '127.0.0.1', port: 5433}), 50],
    ['a port of IPv6', place({isSocket: false, address: '::1'}), 40],
  ])('that listens at %s is found among several by its open files', (_, at, pid) => {
    expect(pidOf(search(at, [SERVER, CHILD, OTHER], SOCKETS))).toBe(pid);
  });

  test('is told with its version, its account and the right to signal', () => {
    expect(search(place(), [SERVER, CHILD], SOCKETS, POSTGRES)).toEqual({
      type: 'found',
      postmaster: {
        pid: 40,
        startTicks: 500,
        uid: POSTGRES,
        major: 16,
        bootedAt: 1_790_000_000_000_000,
        whyNoSignal: null,
      },
    });
  });

  test('is found through another name of its folder', () => {
    const folder = folderForTest();
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'other'));
    const unix = [[join(folder, 'real', '.s.PGSQL.5432'), 700]] as const;
    expect(pidOf(search(place({host: join(folder, 'other')}), [SERVER], {unix}))).toBe(40);
  });

  test('is found by its lock file where even root may not see open files', () => {
    const folder = folderForTest();
    const lock = join(folder, '.s.PGSQL.5432.lock');
    const uid = process.getuid?.() ?? ROOT;
    const hidden = {...SERVER, sockets: [], uid};
    const unix = [[join(folder, '.s.PGSQL.5432'), 700]] as const;
    const listeners: FakeListeners = {unix, tcp: [['00000000:1538', 701, uid]]};
    const proxied: FakeListeners = {unix, tcp: [['00000000:1538', 701, uid + 1]]};
    const others = [hidden, {...OTHER, sockets: []}];
    for (const at of [place({host: folder}), place({isSocket: false, address: '127.0.0.1'})]) {
      writeFileSync(lock, `40\n${folder}\n1790000005\n5432\n${folder}\n`);
      writeFileSync(join(folder, 'postmaster.pid'), `40\n${folder}\n`);
      expect(pidOf(search(at, others, listeners))).toBe(40);
      expect(search(at, others, proxied).type).toBe(at.isSocket ? 'found' : 'not-found');
      // A lock file of another machine that shares the folder: its data directory is not here, or says something else.
      writeFileSync(join(folder, 'postmaster.pid'), `7\n${folder}\n`);
      expect(search(at, others, listeners).type).toBe('not-found');
    }
  });

  test('is not looked for in a lock file that is a pipe or a folder', () => {
    const folder = folderForTest();
    const lock = join(folder, '.s.PGSQL.5432.lock');
    const processes = [
      {...SERVER, sockets: []},
      {...OTHER, sockets: []},
    ];
    const unix = [[join(folder, '.s.PGSQL.5432'), 700]] as const;
    mkdirSync(lock);
    expect(search(place({host: folder}), processes, {unix}).type).toBe('not-found');
    rmdirSync(lock);
    execFileSync('mkfifo', [lock]);
    expect(search(place({host: folder}), processes, {unix}).type).toBe('not-found');
  });
});

describe('no postmaster is found', () => {
  test.each([
    ['at an address of another machine', place({isSocket: false, address: '192.0.2.7'}), {type: 'elsewhere'}],
    ['at a name without an address', place({isSocket: false}), {type: 'elsewhere'}],
    [
      'where nobody listens',
      place({port: 6000}),
      {type: 'not-found', reason: expect.stringContaining('no process')},
    ],
  ])('%s', (_, at, expected) => {
    expect(search(at, [SERVER, OTHER], SOCKETS)).toMatchObject(expected);
  });

  test.each([
    [
      'a pooler that may be seen',
      {program: 'pgbouncer', sockets: [900]},
      ROOT,
      'pgbouncer (60) listens there, which is not PostgreSQL',
    ],
    [
      'a tunnel of the own account',
      {program: 'ssh\u009b2J', sockets: [900]},
      BOB,
      /^ssh\S+2J \(60\) listens there/,
    ],
    [
      "another account's pooler",
      {program: 'pgbouncer'},
      BOB,
      'only its own account or root may see which process listens there',
    ],
    [
      'what even root may not see',
      {program: 'pgbouncer'},
      ROOT,
      'the system does not let pgtop see which process listens there',
    ],
  ] as const)('where %s listens, and it is told', (_, process, uid, reason) => {
    const at = place({isSocket: false, address: '127.0.0.1', port: 5434});
    const listeners = {...SOCKETS, tcp: [['0100007F:153A', 900]]} as const;
    const inBetween = {pid: 60, parentPid: 1, ...process};
    expect(search(at, [SERVER, OTHER, inBetween], listeners, uid)).toEqual({
      type: 'not-found',
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
  });

  test('on another system', () => {
    const around = {platform: 'darwin', proc: '/nowhere', uid: BOB} as const;
    expect(findPostmaster(place(), around)).toEqual({
      type: 'not-found',
      reason: 'on darwin pgtop cannot read the process table',
    });
  });
});

describe('an account without rights', () => {
  const hidden = ({sockets: _, version: __, ...process}: FakeProcess): FakeProcess => process;
  const ONE: FakeListeners = {unix: [['/run/postgresql/.s.PGSQL.5432', 700]], tcp: [['00000000:1538', 701]]};

  test.each([place(), place({isSocket: false, address: '127.0.0.1'})])(
    'sees the processes of the only server there is, and may not signal them',
    at => {
      const found = search(at, [hidden(SERVER), hidden(CHILD)], ONE, BOB);
      expect(found).toMatchObject({
        type: 'found',
        postmaster: {pid: 40, major: null, whyNoSignal: expect.stringMatching(/^only .* or root may send/)},
      });
    },
  );

  test('sees none where it cannot be told which server it is', () => {
    expect(search(place(), [hidden(SERVER), hidden(OTHER)], ONE, BOB).type).toBe('not-found');
    expect(search(place(), [hidden(SERVER)], SOCKETS, BOB).type).toBe('not-found');
  });

  test('gets no right by being sure of nothing: root that may not see open files looks only', () => {
    const found = search(place(), [hidden(SERVER)], ONE, ROOT);
    expect(found).toMatchObject({postmaster: {whyNoSignal: expect.stringContaining('for certain')}});
  });
});
