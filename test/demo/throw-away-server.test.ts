import {once} from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {startThrowAwayServer} from '../../source/demo/throw-away-server.ts';
import {descendantsOf, stillThere} from '../e2e/processes.ts';
import {leastOfThree} from '../helpers/best-of.ts';
import {describeOnMajors, startCluster} from '../helpers/cluster.ts';
import {majors, programsOfMajor} from '../helpers/servers.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {
  isRunning,
  listeningTcpSockets,
  parentOf,
  postmasterOf,
  processesNaming,
  sessionOf,
  spawnOwner,
  startOwner,
} from './owner-process.ts';

const newest = Math.max(...majors.filter(major => programsOfMajor(major) !== null));
const programs = programsOfMajor(newest) ?? '';
let temporary = '';

beforeEach(() => {
  temporary = mkdtempSync(join(realpathSync(tmpdir()), 'throw-away-'));
  chmodSync(temporary, 0o1777);
  vi.stubEnv('TMPDIR', temporary);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, {recursive: true});
});

/** The server folders in the temporary folder of the running test. */
function serverFolders(): readonly string[] {
  return readdirSync(temporary)
    .filter(name => name.startsWith('pgtop-'))
    .map(name => join(temporary, name));
}

describeOnMajors(
  'a throw-away server',
  (cluster, major) => {
    test('is of the version whose programs were asked for, and has throw-away settings', async () => {
      const session = await cluster().connect();
      const settings = [
        'server_version',
        'fsync',
        'listen_addresses',
        'max_prepared_transactions',
        'work_mem',
      ];
      const rows = await session.query(
        'SELECT name, setting FROM pg_settings WHERE name = ANY ($1) ORDER BY array_position($1, name)',
        [settings],
      );
      expect(rows.map(row => row.setting)).toEqual([
        expect.stringMatching(`^${major}\\.`),
        'off',
        '',
        '10',
        '7168',
      ]);
      expect(cluster().version).toBe(rows[0]?.setting);
      session.end();
    });

    test('listens in a folder that only its account may enter, and nowhere on TCP', () => {
      const {socketFolder} = cluster();
      expect(lstatSync(socketFolder).mode & 0o777).toBe(0o700);
      expect(lstatSync(join(socketFolder, '.s.PGSQL.5432')).isSocket()).toBe(true);
      expect(listeningTcpSockets(postmasterOf(socketFolder))).toBe(0);
    });

    test.each(['fast', 'immediate', 'crash'] as const)(
      'keeps its data over being taken down (%s) and brought up',
      async mode => {
        const before = await cluster().connect();
        await before.query(`CREATE TABLE kept_${mode} AS SELECT 1 AS one`);
        await before.query('CHECKPOINT');
        await cluster().takeDown(mode);
        await expect(cluster().connect()).rejects.toThrow();
        await cluster().bringUp();
        const after = await cluster().connect();
        expect(await after.query(`SELECT one FROM kept_${mode}`)).toEqual([{one: 1}]);
        after.end();
      },
    );
  },
  {work_mem: '7MB'},
);

describe('listeningTcpSockets', () => {
  test('counts a socket that listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect(listeningTcpSockets(process.pid)).toBeGreaterThan(0);
    server.close();
  });
});

describe.skipIf(programs === '')('stop', () => {
  test('takes less than a second, leaves nothing, and may be asked for twice', async () => {
    const stopMs = async () => {
      const cluster = await startCluster(newest);
      const postmaster = postmasterOf(cluster.socketFolder);
      const session = await cluster.connect();
      void session.backgroundQuery('SELECT pg_sleep(600)');
      const start = performance.now();
      await Promise.all([cluster.stop(), cluster.stop()]);
      const ms = performance.now() - start;
      expect(existsSync(cluster.socketFolder)).toBe(false);
      expect(isRunning(postmaster)).toBe(false);
      await cluster.stop();
      return ms;
    };
    expect(await leastOfThree(1_000, stopMs)).toBeLessThan(1_000);
  });
});

describe.skipIf(programs === '')('a server whose owner is killed', () => {
  test.each([
    ['SIGKILL', 'the owner alone'],
    ['SIGTERM', 'the owner alone'],
    ['SIGHUP', 'its whole process group'],
    ['SIGKILL', 'its whole process group'],
  ] as const)('is gone within a second of %s to %s, with its folder', async (signal, whom) => {
    const goneMs = async () => {
      const {child, socketFolder, postmaster} = await startOwner(programs);
      const pid = child.pid ?? 0;
      const start = performance.now();
      process.kill(whom === 'the owner alone' ? pid : -pid, signal);
      await waitFor(
        'the server and its folder to be gone',
        () => !isRunning(postmaster) && !existsSync(socketFolder),
      );
      return performance.now() - start;
    };
    expect(await leastOfThree(1_000, goneMs)).toBeLessThan(1_000);
  });

  test('is gone when the owner is killed while initdb runs', async () => {
    const child = spawnOwner(programs, {temporary});
    const folder = await waitFor('initdb to begin', () =>
      serverFolders().find(path => existsSync(join(path, 'data', 'base'))),
    );
    child.kill('SIGKILL');
    await waitFor(
      'initdb and its folder to be gone',
      () => processesNaming(folder).length === 0 && !existsSync(folder),
    );
    expect(serverFolders()).toEqual([]);
  });

  test('is out of reach of the terminal of its owner, for Ctrl-C, Ctrl-Z and a hang-up', async () => {
    const {child, postmaster} = await startOwner(programs);
    expect(sessionOf(child.pid ?? 0)).toBe(child.pid);
    expect(sessionOf(postmaster)).not.toBe(child.pid);
    child.kill('SIGKILL');
    await waitFor('the server to be gone', () => !isRunning(postmaster));
  });
});

describe.skipIf(programs === '')('startThrowAwayServer', () => {
  test('removes what an owner left over that was killed together with its supervisor', async () => {
    const {child, socketFolder, postmaster} = await startOwner(programs, {temporary});
    // Between the supervisor and the postmaster stands the shell that reports the postmaster's end.
    const reporter = parentOf(postmaster);
    const children = descendantsOf(postmaster);
    for (const pid of [parentOf(reporter), reporter, child.pid ?? 0, postmaster])
      process.kill(pid, 'SIGKILL');
    await waitFor(
      'all of them to be gone',
      () => !isRunning(postmaster) && !isRunning(child.pid ?? 0) && stillThere(children).length === 0,
    );
    expect(serverFolders()).toEqual([socketFolder]);
    const server = await startThrowAwayServer({programs});
    expect(serverFolders()).toEqual([server.socketFolder]);
    await server.stop();
  });

  test('says with the words of the server why it does not start, and leaves nothing', async () => {
    const start = startThrowAwayServer({programs, settings: {shared_buffers: 'plenty'}});
    await expect(start).rejects.toThrow(/PostgreSQL did not start: .*shared_buffers.*plenty/);
    expect(serverFolders()).toEqual([]);
  });

  test('says so when the programs are no PostgreSQL, and leaves nothing', async () => {
    const folder = join(temporary, 'bin');
    mkdirSync(folder);
    for (const name of ['postgres', 'initdb'])
      writeFileSync(join(folder, name), '#!/bin/sh\necho nothing\n', {mode: 0o755});
    await expect(startThrowAwayServer({programs: folder})).rejects.toThrow(
      'is no PostgreSQL (it says nothing)',
    );
    expect(serverFolders()).toEqual([]);
  });
});
