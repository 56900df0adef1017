import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {typedPassword} from '../../source/host/prompt-password.ts';

const SOURCE = new URL('../../source/host/prompt-password.ts', import.meta.url).href;

/** Asks, and leaves what came of it in a file, so that all that reaches the terminal is the prompt's own. */
const ASKING = `
  import {execFileSync} from 'node:child_process';
  import {writeFileSync} from 'node:fs';
  const {promptPassword} = await import('${SOURCE}');
  const outcome = await promptPassword('Password: ').then(
    password => ({password}),
    error => ({name: error.name, reason: error.reason}),
  );
  writeFileSync('after', execFileSync('stty', ['-F', process.env.TERMINAL, '-a']));
  writeFileSync('outcome', JSON.stringify(outcome));
`;

/** Sends itself a signal while it asks. */
const DYING = `
  const {promptPassword} = await import('${SOURCE}');
  setImmediate(() => process.kill(process.pid, 'SIGTERM'));
  await promptPassword('Password: ');
`;

const PROGRAM = '"$NODE" --input-type=module -e';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgtop-prompt-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** Types the keys once the prompt is on the screen of a pty; `settingsAfter` are those of the terminal when the promise has settled. */
async function ask(keys: string, program: string) {
  const command = `export TERMINAL=$(tty); stty -a >before; ${program}; echo $? >code; stty -a >left`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: {...process.env, NODE: process.execPath, ASKING, DYING},
    timeout: 60_000,
  });
  let screen = '';
  let isTyped = false;
  child.stdout.on('data', (bytes: Buffer) => {
    screen += bytes.toString();
    if (isTyped || !screen.includes('Password: ')) return;
    isTyped = true;
    child.stdin.write(keys);
  });
  await new Promise(resolve => child.on('close', resolve));
  return screen.replaceAll('\r', '');
}

const outcome = () => JSON.parse(read('outcome'));

describe('typedPassword', () => {
  it.each([
    ['a line ends at Enter', 'secret\rmore', 'entered', 'secret'],
    ['a line feed ends it too', 'secret\n', 'entered', 'secret'],
    ['an empty line is an answer', '\r', 'entered', ''],
    ['nothing is decided before Enter', 'sec', 'typing', 'sec'],
    ['backspace takes back one character', 'sx\u007fecret\r', 'entered', 'secret'],
    ['Ctrl-H does too', 'sx\becret\r', 'entered', 'secret'],
    ['backspace takes back a character of two units', 'a\u{1F511}\u007f\r', 'entered', 'a'],
    ['backspace on an empty line does nothing', '\u007f\u007fa\r', 'entered', 'a'],
    ['Ctrl-U takes back all', 'wrong\u0015right\r', 'entered', 'right'],
    ['Ctrl-C interrupts', 'sec\u0003ret\r', 'interrupted', ''],
    ['Ctrl-backslash interrupts', 'sec\u001c', 'interrupted', ''],
    ['Ctrl-C interrupts after Esc', '\u001b\u0003', 'interrupted', ''],
    ['Ctrl-D ends an empty line', '\u0004', 'ended', ''],
    ['Ctrl-D within a line does nothing', 'a\u0004b\r', 'entered', 'ab'],
    ['arrow and function keys do nothing', 'a\u001b[Ab\u001bOPc\u001b[15~\r', 'entered', 'abc'],
    ['a key sequence that is not whole yet shows nothing', 'a\u001b[1', 'typing', 'a'],
    ['other control keys do nothing', 'a\u0001\u001a\u0000b\r', 'entered', 'ab'],
    ['spaces, tabs and foreign letters count', ' p\t\u00e4 \r', 'entered', ' p\t\u00e4 '],
  ])('%s', (_, input, status, text) => {
    expect(typedPassword(input)).toEqual({status, text});
  });
});

describe('promptPassword', () => {
  it('takes a line without showing it and gives the terminal back', async () => {
    const screen = await ask('p\u00e4ss w\u007frd\r', `${PROGRAM} "$ASKING"`);
    expect(outcome()).toEqual({password: 'p\u00e4ss rd'});
    expect(screen).toBe('Password: \n');
    expect(read('after')).toBe(read('before'));
  });

  it('asks on the terminal although stdin, stdout and stderr lead elsewhere', async () => {
    const screen = await ask('secret\r', `${PROGRAM} "$ASKING" </dev/null >out 2>errors`);
    expect(outcome()).toEqual({password: 'secret'});
    expect(screen).toBe('Password: \n');
    expect([read('out'), read('errors'), read('after')]).toEqual(['', '', read('before')]);
  });

  it('asks on stdin when there is no controlling terminal', async () => {
    const screen = await ask('secret\r', `setsid -w ${PROGRAM} "$ASKING"`);
    expect(outcome()).toEqual({password: 'secret'});
    expect(screen).toBe('Password: \n');
    expect(read('after')).toBe(read('before'));
  });

  it.each([
    ['Ctrl-C', 'sec\u0003', 'interrupted'],
    ['Ctrl-D', '\u0004', 'ended'],
  ])('rejects at %s and gives the terminal back', async (_, keys, reason) => {
    const screen = await ask(keys, `${PROGRAM} "$ASKING"`);
    expect(outcome()).toEqual({name: 'PasswordPromptError', reason});
    expect(screen).toBe('Password: \n');
    expect(read('after')).toBe(read('before'));
  });

  it('leaves the terminal as it was when a signal ends the program', async () => {
    expect(await ask('', `${PROGRAM} "$DYING"`)).toContain('Password: ');
    expect(read('code').trim()).toBe('143');
    expect(read('left')).toBe(read('before'));
  });

  it('rejects when there is no terminal at all', async () => {
    await ask('', `setsid -w ${PROGRAM} "$ASKING" </dev/null`);
    expect(outcome()).toEqual({name: 'PasswordPromptError', reason: 'no-terminal'});
  });
});
