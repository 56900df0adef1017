import {spawnSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import type {Cluster} from '../helpers/cluster.ts';
import {terminalEnvironment} from '../helpers/terminal-environment.ts';
import {openTestTerminal} from '../helpers/terminal-for-test.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {ask, describeOnServer, NOWHERE, openPgtop, PROGRAM} from './pgtop.ts';

const ENTER_ALTERNATE_SCREEN = '\u001b[?1049h';
const SEE_HELP = 'Try pgtop --help.';
const SCRIPTS = 'pgtop sessions and pgtop locks print to files and pipes.';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command says in a terminal, line by line, and its exit code. It never has the alternate screen. */
async function failureOf(words: readonly string[], env: Environment = {}) {
  const command = [process.execPath, PROGRAM, ...words];
  const terminal = await openTestTerminal({
    command,
    columns: 250,
    env: {...NOWHERE, HOME: '/nowhere', ...env},
  });
  const {code, leftovers} = await terminal.exit();
  expect(leftovers).toEqual([]);
  expect(terminal.bytes.count(ENTER_ALTERNATE_SCREEN)).toBe(0);
  return {code, lines: terminal.screen().text.trimEnd().split('\n')};
}

/** The command line of the monitor for a server. */
function at({socketFolder, port}: Cluster, user: string, database: string): readonly string[] {
  return ['-h', socketFolder, '-p', String(port), '-U', user, '-d', database];
}

describe('a mistake on the command line ends with 2, a line and a hint', () => {
  test.each([
    {words: ['--colour'], lines: ['there is no option --colour', SEE_HELP]},
    {words: ['-x'], lines: ['there is no option -x', SEE_HELP]},
    {words: ['--format', 'json'], lines: ['--format does not belong to pgtop monitor', SEE_HELP]},
    {words: ['--sort'], lines: ['--sort needs a value: COLUMN[:asc|:desc]', SEE_HELP]},
    {words: ['one', 'two'], lines: ['one CONNECTION at most, not "one two"', SEE_HELP]},
    {
      words: ['--view', 'busy'],
      lines: ['there is no view "busy"', 'Views: active, waiting, blocking, idle-in-xact, all, load, groups'],
    },
    {
      words: ['--filter', 'app:x xact>'],
      lines: [
        '--filter: An age must follow xact> such as 500ms, 30s, 5m, 1.5h or 2d.',
        'app:x xact>',
        `${' '.repeat(11)}^`,
      ],
    },
    {words: ['hots=x'], lines: ['unknown connection parameter "hots"', 'Did you mean host?']},
  ])('$words', async ({words, lines: [message, ...hint]}) => {
    expect(await failureOf(words)).toEqual({code: 2, lines: [`pgtop: ${message}`, ...hint]});
  });
});

describe('without a terminal pgtop names the commands for scripts and ends with 2', () => {
  test('when its input and output are pipes', () => {
    const pgtop = spawnSync(process.execPath, [PROGRAM], {
      input: '',
      encoding: 'utf8',
      env: terminalEnvironment(),
    });
    expect(pgtop).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `pgtop: pgtop needs a terminal\n${SCRIPTS}\n`,
    });
  });

  test.each(['</dev/null', '| cat; exit "$' + '{PIPESTATUS[0]}"'])('with %s', async redirection => {
    const line = `"$0" "$1" ${redirection}`;
    const terminal = await openTestTerminal({command: ['bash', '-c', line, process.execPath, PROGRAM]});
    expect(await terminal.exit()).toEqual({code: 2, signal: null, leftovers: []});
    expect(terminal.screen().text.trimEnd()).toBe(`pgtop: pgtop needs a terminal\n${SCRIPTS}`);
  });

  test('when the terminal understands no sequences', async () => {
    expect(await failureOf([], {TERM: 'dumb'})).toEqual({
      code: 2,
      lines: ['pgtop: pgtop cannot draw on a terminal of type dumb', SCRIPTS],
    });
  });
});

describe('where there is no server pgtop says where it looked and ends with 1', () => {
  test.each([
    [['-h', '/nowhere', '-U', 'ann'], 'cannot connect to ann@/nowhere:5432/ann: connect ENOENT'],
    [['postgres://ann@127.0.0.1:1/shop'], 'cannot connect to ann@127.0.0.1:1/shop: connect ECONNREFUSED'],
  ])('%s', async (words, message) => {
    const {code, lines} = await failureOf(words);
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringContaining(`pgtop: ${message}`),
      expect.stringMatching(/^Is the server running there\? Tried: .*; pgtop demo needs no server\.$/),
    ]);
  });
});

describeOnServer('a server that says no', cluster => {
  beforeAll(async () => {
    await ask(cluster(), "CREATE ROLE careful LOGIN PASSWORD 'swordfish'");
    const rules = join(cluster().socketFolder, 'data', 'pg_hba.conf');
    writeFileSync(rules, `local all careful md5\n${readFileSync(rules, 'utf8')}`);
    await ask(cluster(), 'SELECT pg_reload_conf()');
    const isLetIn = async () => (await cluster().connect({user: 'careful'})).end();
    await waitFor('the rule', () =>
      isLetIn().then(
        () => false,
        () => true,
      ),
    );
  });

  test('because of the database or the role is told in its own words, with exit code 1', async () => {
    const {code, lines} = await failureOf(at(cluster(), 'pgtop', 'shop'));
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^pgtop: cannot connect to pgtop@.*: database "shop" does not exist$/),
      expect.stringContaining('postgres is always there.'),
    ]);
    const nobody = await failureOf(at(cluster(), 'nobody', 'postgres'));
    expect(nobody.code).toBe(1);
    expect(nobody.lines[0]).toMatch(/: role "nobody" does not exist$/);
  });

  test('because of a wrong or missing password is told, with exit code 1', async () => {
    const wrong = await failureOf(at(cluster(), 'careful', 'postgres'), {PGPASSWORD: 'guess'});
    expect(wrong.code).toBe(1);
    expect(wrong.lines[0]).toMatch(/: password authentication failed for user "careful"$/);
    const missing = await failureOf([...at(cluster(), 'careful', 'postgres'), '-w']);
    expect(missing.code).toBe(1);
    expect(missing.lines[0]).toMatch(/^pgtop: .*password/);
    expect([...wrong.lines, ...missing.lines].join('\n')).not.toContain('guess');
  });

  test('lets one in who types the password, which is not shown', async () => {
    const terminal = await openPgtop(cluster(), [], {user: 'careful'});
    await terminal.waitFor('Password for user careful:');
    terminal.type('swordfish\r');
    await terminal.waitFor('careful@');
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    expect(terminal.bytes.text()).not.toContain('swordfish');
  });
});
