import {spawnSync} from 'node:child_process';
import {describe, expect, onTestFinished, test, vi} from 'vitest';
import {openTerminal} from './terminal.ts';
import {fixture, openTestTerminal as open} from './terminal-for-test.ts';

const node = process.execPath;
const fullScreen = [process.execPath, fixture('terminal-full-screen')];

/** The kernel's letter for the state of a process; one that has ended but has no parent to collect it is gone, too. */
function stateOf(pid: number): string {
  const status = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], {encoding: 'utf8'}).stdout.trim();
  return status === '' || status.startsWith('Z') ? 'gone' : status;
}

describe('the program', () => {
  test('has a terminal of the size asked for as input, output and controlling terminal', async () => {
    const script = 'test -t 0 && test -t 1 && test -t 2 && stty size < /dev/tty; tty; echo "$$"';
    const terminal = await open({command: ['sh', '-c', script], columns: 101, rows: 7});
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    expect(terminal.screen().lines.slice(0, 3)).toEqual(['7 101', terminal.device, String(terminal.pid)]);
  });

  test('gets an xterm of 256 colours, the wanted variables and folder, and no sign of a build server', async () => {
    vi.stubEnv('CI', 'true');
    onTestFinished(() => void vi.unstubAllEnvs());
    const command = ['sh', '-c', 'echo "$TERM,$' + '{CI-unset},$WORD,$' + '{HOME-unset}"; pwd'];
    const terminal = await open({command, cwd: '/usr/lib', env: {WORD: "it's", HOME: undefined}});
    await terminal.waitFor("xterm-256color,unset,it's,unset\n/usr/lib");
    const asked = await open({command, env: {CI: 'true'}});
    await asked.waitFor('xterm-256color,true,');
  });

  test('is looked up in its own PATH, whatever the machinery around it needs', async () => {
    const terminal = await open({command: ['sh', '-c', 'echo found'], env: {PATH: '/nowhere'}});
    expect(await terminal.exit()).toMatchObject({code: 127});
    expect(terminal.screen().text).toContain('cannot start sh: No such file or directory');
  });

  test.each([0, 3, 130, 143])('exits with its own code %i', async code => {
    const terminal = await open({command: ['sh', '-c', `exit ${code}`]});
    expect(await terminal.exit()).toEqual({code, signal: null, leftovers: []});
  });

  test.each(['SIGTERM', 'SIGKILL', 'SIGINT'] as const)(
    'is killed by %s, which is not an exit code',
    async signal => {
      const terminal = await open({command: ['sleep', '60']});
      terminal.kill(signal);
      expect(await terminal.exit()).toEqual({code: null, signal, leftovers: []});
      expect(() => terminal.kill('SIGTERM')).toThrow('has ended');
    },
  );

  test('may handle a signal and exit with a code of its own', async () => {
    const terminal = await open({command: fullScreen});
    await terminal.waitFor('size 80x24');
    terminal.kill('SIGTERM');
    expect(await terminal.exit()).toEqual({code: 143, signal: null, leftovers: []});
  });
});

describe('keys', () => {
  test('arrive as an xterm sends them', async () => {
    const terminal = await open({command: [node, fixture('terminal-keys'), '5']});
    await terminal.waitFor('ready');
    for (const [key, bytes] of [
      ['up', '"\\u001b[A"'],
      ['f9', '"\\u001b[20~"'],
      ['escape', '"\\u001b"'],
      ['ctrl+c', '"\\u0003"'],
      ['é', '"é"'],
    ] as const) {
      terminal.press(key);
      await terminal.waitFor(`input ${bytes}`);
    }
    terminal.type('select 1');
    await terminal.waitFor('input "select 1"');
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 5, signal: null, leftovers: []});
  });

  test('take their application form when the program has asked for it', async () => {
    const terminal = await open({command: ['sh', '-c', "printf '\\033[?1hready\\n'; cat -v"]});
    await terminal.waitFor('ready');
    terminal.press('down', 'enter');
    await terminal.waitFor(/^\^\[OB$/m);
  });

  test('interrupt a program that leaves the terminal in its line mode', async () => {
    const terminal = await open({command: ['cat']});
    terminal.type('echoed');
    await terminal.waitFor('echoed');
    terminal.press('ctrl+c');
    expect(await terminal.exit()).toMatchObject({code: null, signal: 'SIGINT'});
  });

  test('are followed by the answers of the terminal to what a program asks', async () => {
    const script = "stty -icanon -echo; printf 'abc\\033[6n'; dd bs=1 count=6 2>/dev/null | od -An -c";
    const terminal = await open({command: ['sh', '-c', script]});
    await terminal.waitFor(/033 +\[ +1 +; +4 +R/);
  });
});

describe('the screen', () => {
  test('tells lines, cells, cursor and the alternate screen', async () => {
    const terminal = await open({command: fullScreen, columns: 60, rows: 10});
    const screen = await terminal.waitFor('size 60x10');
    expect(screen.lines).toHaveLength(10);
    expect(screen.lines.slice(0, 2)).toEqual(['title inverse 漢字😀|', 'size 60x10']);
    expect(screen.cursor).toEqual({x: 10, y: 1, visible: false});
    expect(screen.isAlternate).toBe(true);
    expect(screen.cell(0, 0)).toMatchObject({chars: 't', fg: 9, bg: '#010203', bold: true, inverse: false});
    expect(screen.cell(6, 0)).toMatchObject({chars: 'i', fg: null, bg: null, bold: false, inverse: true});
    expect(screen.find('|')).toEqual({x: 20, y: 0});
    expect(() => screen.cell(60, 0)).toThrow('no cell 60,0');
  });

  test('is the normal one again, with what stood there, after the program', async () => {
    const terminal = await open({command: fullScreen});
    await terminal.waitFor('size 80x24');
    terminal.press('q');
    expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
    expect(terminal.screen()).toMatchObject({isAlternate: false, cursor: {x: 0, y: 1, visible: true}});
    expect(terminal.screen().text.trim()).toBe('before');
    expect(terminal.sttyAfterExit).toMatch(/ icanon.* echo /s);
  });

  test('changes its size at once and for good, and the program is told once', async () => {
    const terminal = await open({command: fullScreen});
    await terminal.waitFor('size 80x24');
    await terminal.resize(133, 41);
    const screen = await terminal.waitFor('size 133x41');
    expect([screen.columns, screen.rows, screen.lines.length]).toEqual([133, 41, 41]);
    expect(terminal.bytes.count('size ')).toBe(2);
    terminal.press('q');
    expect(await terminal.exit()).toMatchObject({leftovers: []});
  });

  test('is not looked at inside a synchronised update', async () => {
    const script = "printf '\\033[?2026hhalf'; read line; printf ' whole\\033[?2026l'";
    const terminal = await open({command: ['sh', '-c', script]});
    await expect.poll(() => terminal.bytes.count('half'), {timeout: 20_000}).toBe(1);
    await expect(terminal.waitFor('half', {deadlineMs: 30})).rejects.toThrow('inside a synchronised update');
    terminal.press('enter');
    expect((await terminal.waitFor('half')).text).toContain('whole');
  });

  test('keeps what was copied to the clipboard', async () => {
    const terminal = await open({
      command: ['printf', '\\033]52;c;%s\\007', Buffer.from('sélect').toString('base64')],
    });
    await terminal.exit();
    expect(terminal.clipboard).toEqual(['sélect']);
  });
});

describe('waiting', () => {
  test('fails at the deadline with the whole screen', async () => {
    const terminal = await open({command: ['sh', '-c', 'echo shown; sleep 60'], columns: 20, rows: 3});
    await terminal.waitFor('shown');
    await expect(terminal.waitFor(/never/, {deadlineMs: 30})).rejects.toThrow(
      /\/never\/ did not happen within 30 ms; the program still runs.*\n 0 \|shown\n 1 \|\n 2 \|\n/s,
    );
    await expect(terminal.exit({deadlineMs: 30})).rejects.toThrow(
      "The program's end did not happen within 30 ms",
    );
  });

  test('fails as soon as the program has ended', async () => {
    const terminal = await open({command: ['sh', '-c', 'echo last words; exit 4']});
    await expect(terminal.waitFor('never')).rejects.toThrow(/the program exited with 4.*last words/s);
    expect((await terminal.waitFor('last words')).lines[0]).toBe('last words');
  });

  test('passes on what a condition throws', async () => {
    const terminal = await open({command: ['sleep', '60']});
    const condition = (): boolean => {
      throw new Error('a broken condition');
    };
    await expect(terminal.waitFor(condition)).rejects.toThrow('a broken condition');
  });
});

test('a machine without script(1) is told so', async () => {
  vi.stubEnv('PATH', '/nowhere');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(openTerminal({command: ['true']})).rejects.toThrow(
    'Needed: script and setpriv of util-linux, perl',
  );
});

test.each(['process.exit()', "process.kill(process.pid, 'SIGKILL')"])(
  'a test that ends by %s takes the program along',
  async end => {
    const source = `
    const {openTerminal} = await import(${JSON.stringify(new URL('terminal.ts', import.meta.url).href)});
    const terminal = await openTerminal({command: ['sleep', '60']});
    process.stdout.write(String(terminal.pid), () => ${end});
  `;
    const {stdout} = spawnSync(node, ['--input-type=module', '-e', source], {encoding: 'utf8'});
    expect(Number(stdout)).toBeGreaterThan(1);
    await expect.poll(() => stateOf(Number(stdout)), {timeout: 20_000}).toBe('gone');
  },
);
