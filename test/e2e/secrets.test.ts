import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {TestSession} from '../helpers/cluster.ts';
import {openTestTerminal} from '../helpers/terminal-for-test.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {ask, describeOnServer, NOWHERE, PROGRAM} from './pgtop.ts';

const CANARY = 'canary7f3a9e';

/** Whether this kernel writes a core file into the current folder, so that there is one to look into. */
const CORES_ARE_FILES = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').startsWith('core');

/** A way to hand the password over: words of the command line, variables, and files of the home folder. */
type Source = {
  readonly words: (place: string) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: (place: string) => Readonly<Record<string, string>>;
};

const SOURCES: Readonly<Record<string, Source>> = {
  'a URI in argv': {
    words: place => [`postgresql://canaried:${CANARY}@/postgres?host=${encodeURIComponent(place)}`],
  },
  'conninfo in argv': {words: place => [`host=${place} user=canaried dbname=postgres password='${CANARY}'`]},
  'the environment': {
    words: place => ['-h', place, '-U', 'canaried'],
    env: {PGPASSWORD: CANARY, PGDATABASE: 'postgres'},
  },
  'the password file': {
    words: place => ['-h', place, '-U', 'canaried'],
    env: {PGDATABASE: 'postgres'},
    files: () => ({'.pgpass': `*:*:*:*:${CANARY}\n`}),
  },
  'a service file': {
    words: () => ['service=shop'],
    files: place => ({
      '.pg_service.conf': `[shop]\nhost=${place}\nuser=canaried\ndbname=postgres\npassword=${CANARY}\n`,
    }),
  },
};

describeOnServer('a password', cluster => {
  const folders: string[] = [];

  /** A session whose last query, with the password in it, can be seen as long as it stays. */
  const loginCareless = async (): Promise<TestSession> => {
    const session = await cluster().connect({applicationName: 'careless'});
    await session.query(`ALTER ROLE other PASSWORD '${CANARY}'`);
    return session;
  };

  beforeAll(async () => {
    await ask(cluster(), `CREATE ROLE canaried LOGIN SUPERUSER PASSWORD '${CANARY}'`);
    const rules = join(cluster().socketFolder, 'data', 'pg_hba.conf');
    writeFileSync(rules, `local all canaried scram-sha-256\n${readFileSync(rules, 'utf8')}`);
    await ask(cluster(), 'SELECT pg_reload_conf()');
    await ask(cluster(), `CREATE ROLE other PASSWORD '${CANARY}'`);
    const isLetIn = async () => (await cluster().connect({user: 'canaried'})).end();
    await waitFor('the rule', () =>
      isLetIn().then(
        () => false,
        () => true,
      ),
    );
  });

  afterAll(() => {
    for (const folder of folders) rmSync(folder, {recursive: true});
  });

  /** A home folder with the files of a source, the words of the command line and the environment. */
  const prepare = ({words, env, files}: Source, place: string) => {
    const home = mkdtempSync(join(tmpdir(), 'pgtop-secret-'));
    folders.push(home);
    const given = Object.entries(files?.(place) ?? {});
    for (const [name, text] of given) {
      writeFileSync(join(home, name), text);
      chmodSync(join(home, name), 0o600);
    }
    const environment = {PATH: process.env.PATH ?? '', HOME: home, ...env};
    return {home, own: given.map(([name]) => name), words: words(place), environment};
  };

  /** Everything that a run of a command printed. */
  const printed = async (command: readonly string[], environment: Record<string, string>) => {
    const child = spawn(process.execPath, [PROGRAM, ...command], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let all = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', bytes => (all += bytes));
    const [code] = await once(child, 'close');
    return {code, all};
  };

  describe.each(Object.entries(SOURCES))('in %s', (_, source) => {
    test.each([
      ['sessions', '--format', 'json'],
      ['sessions', '--format', 'csv'],
      ['sessions'],
      ['locks', '--format', 'json'],
      ['doctor'],
      ['doctor', '--format', 'json'],
    ])('lets %s %s %s in and is not printed', async (...command) => {
      const {environment, words, home, own} = prepare(source, cluster().socketFolder);
      const careless = await loginCareless();
      const {code, all} = await printed(
        [...command.filter(word => word !== undefined), ...words],
        environment,
      );
      careless.end();
      expect([code, all.includes(CANARY)]).toEqual([0, false]);
      expect(all.length).toBeGreaterThan(0);
      expect(filesWith(home, own)).toEqual([]);
    });

    test.each([
      ['to a server that is not there', '/nonexistent', [], 1],
      ['to a database that is not there', null, ['-d', 'nowhere'], 1],
      ['with an option that does not exist', null, ['--bogus'], 2],
      ['with a bad port', null, ['-p', 'x'], 2],
    ] as const)('is not in the error %s', async (_words, place, more, expected) => {
      const {environment, words} = prepare(source, place ?? cluster().socketFolder);
      const {code, all} = await printed(['sessions', ...words, ...more], environment);
      expect([code, all.includes(CANARY)]).toEqual([expected, false]);
    });

    test('is on no screen, in no process list, in no file and in no core', async () => {
      await loginCareless();
      const {environment, words, home, own} = prepare(source, cluster().socketFolder);
      const terminal = await openTestTerminal({
        command: [
          '/bin/sh',
          '-c',
          'ulimit -c unlimited; exec "$@"',
          'sh',
          process.execPath,
          PROGRAM,
          ...words,
          '-i',
          '0.2',
          '--view',
          'all',
        ],
        cwd: home,
        columns: 160,
        rows: 45,
        env: {...NOWHERE, ...environment},
      });
      await terminal.waitFor('careless');
      expect(commandLine(String(terminal.pid)).join().trim()).toBe('pgtop');
      terminal.press('/');
      terminal.type('app:careless');
      terminal.press('enter', 'enter');
      await terminal.waitFor("ALTER ROLE other PASSWORD '***'");
      // What is known of a session that is signalled goes into the audit log.
      terminal.press('k');
      await terminal.waitFor('y terminates it');
      terminal.press('y');
      await terminal.waitFor(/ended after|terminated/);
      terminal.kill('SIGABRT');
      await terminal.exit();
      expect(terminal.bytes.count(CANARY)).toBe(0);
      if (CORES_ARE_FILES) expect(readdirSync(home).filter(name => name.startsWith('core'))).toHaveLength(1);
      expect(filesWith(home, own)).toEqual([]);
    });
  });

  test.each([[[]], [['-W']]])('is asked for with the echo off, words %j', async more => {
    const terminal = await openTestTerminal({
      command: [
        process.execPath,
        PROGRAM,
        ...['-h', cluster().socketFolder, '-U', 'canaried', '-d', 'postgres'],
        ...more,
      ],
      env: {...NOWHERE, HOME: '/nonexistent'},
    });
    await terminal.waitFor('Password for user canaried:');
    terminal.type(CANARY);
    terminal.press('enter');
    await terminal.waitFor('Conn');
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    expect(terminal.bytes.count(CANARY)).toBe(0);
  });

  test('is gone from the process list right after the start', async () => {
    const {environment, words} = prepare(SOURCES['a URI in argv'] as Source, cluster().socketFolder);
    const child = spawn(process.execPath, [PROGRAM, 'sessions', ...words, '--watch', '1'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const startedAt = performance.now();
    const isGone = () => !commandLine(String(child.pid)).join().includes(CANARY);
    await waitFor('the title', () => isGone());
    console.log(`the password was to be seen for ${Math.round(performance.now() - startedAt)} ms`);
    let warning = '';
    child.stderr.on('data', bytes => (warning += bytes));
    await waitFor('the warning', () =>
      warning.includes('the password on the command line could be seen by others'),
    );
    child.kill();
    await once(child, 'close');
  });
});

/** The command line of a process; none when it is gone. */
function commandLine(pid: string): readonly string[] {
  try {
    return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

/** The files below a folder that hold the canary, but for those at its top that the test put there. */
function filesWith(folder: string, own: readonly string[]): readonly string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true}).flatMap(entry => {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || (entry.parentPath === folder && own.includes(entry.name))) return [];
    return readFileSync(path).includes(CANARY) ? [path] : [];
  });
}
