import {execFile, spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {usageText} from '../../source/commands/flags.ts';
import {openTestTerminal} from '../helpers/terminal-for-test.ts';
import {describeOnServer, loginBusy, NOWHERE} from './pgtop.ts';
import {column, hasRow} from './read-screen.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const VERSION: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

const place = mkdtempSync(join(tmpdir(), 'pgtop-standalone-'));
/** The executable, alone in its folder. */
const executable = join(place, 'alone', 'pgtop');
/** Where the program could write without being asked to: nothing may be there afterwards. */
const home = join(place, 'home');

/** The environment of a host without Node.js, whose user has a wish for one of another version. */
const environment = {
  PATH: '/nowhere',
  HOME: home,
  TMPDIR: home,
  NODE_OPTIONS: '--an-option-of-another-node',
};

beforeAll(async () => {
  const built = join(place, 'built', 'pgtop');
  await promisify(execFile)(process.execPath, ['.standalone.mjs', built], {cwd: ROOT});
  for (const folder of [join(place, 'alone'), home]) mkdirSync(folder);
  renameSync(built, executable);
}, 120_000);

afterAll(() => rmSync(place, {recursive: true, force: true}));

/** What the executable printed, and its exit code. */
function printed(...words: readonly string[]) {
  const {status, stdout, stderr} = spawnSync(executable, words, {
    cwd: home,
    env: environment,
    encoding: 'utf8',
  });
  return {status, stdout, stderr};
}

describe('the standalone executable', () => {
  test('prints its version, its usage and the licences of all that is in it', () => {
    expect(printed('--version')).toEqual({status: 0, stdout: `${VERSION}\n`, stderr: ''});
    expect(printed('--help')).toEqual({status: 0, stdout: `${usageText()}\n`, stderr: ''});
    const {stdout, ...licences} = printed('--licences');
    expect(licences).toEqual({status: 0, stderr: ''});
    for (const name of [/^ink 8/m, /^pg 8/m, /^yoga-layout /m, /^Node\.js is licensed for use as follows:/m])
      expect(stdout).toMatch(name);
  });

  test('leaves every argument to the program, and keeps its exit codes', () => {
    const {status, stderr} = printed('--eval', '1');
    expect([status, stderr]).toEqual([2, 'pgtop: there is no option --eval\nTry pgtop --help.\n']);
    expect(printed('sessions', '-h', '/nowhere', '-U', 'ann').status).toBe(1);
  });

  describeOnServer('with a server', cluster => {
    const where = () => {
      const {socketFolder, port, user} = cluster();
      return `host=${socketFolder} port=${port} user=${user} dbname=postgres`;
    };

    test('prints the sessions for scripts', async () => {
      const {pid} = await loginBusy(cluster(), 'in scripts');
      const {status, stdout, stderr} = printed('sessions', where(), '--format', 'json');
      expect([status, stderr]).toEqual([0, '']);
      const own = {pid, application_name: 'in scripts', query: 'SELECT pg_sleep(600)'};
      expect(JSON.parse(stdout).sessions).toContainEqual(expect.objectContaining(own));
    });

    test('is the live monitor in a terminal, hides a password from ps, and gives the terminal back', async () => {
      const {pid} = await loginBusy(cluster(), 'screen');
      const terminal = await openTestTerminal({
        command: ['env', 'PATH=/nowhere', executable, `${where()} password=swordfish`],
        env: {...NOWHERE, ...environment, PATH: process.env.PATH},
        columns: 120,
      });
      const screen = await terminal.waitFor(hasRow(pid));
      expect(column(screen, 'APP')).toEqual(['screen']);
      expect(readFileSync(`/proc/${terminal.pid}/cmdline`, 'utf8').replaceAll('\0', '')).toBe('pgtop');
      terminal.press('q');
      expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
      expect(terminal.screen().text.trim()).toMatch(
        /^pgtop: the password on the command line could be seen .*$/,
      );
    });
  });

  test('is one file, and has written none', () => {
    expect(readdirSync(join(place, 'alone'))).toEqual(['pgtop']);
    expect(readdirSync(home)).toEqual([]);
  });
});
