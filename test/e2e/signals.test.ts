import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {heavyRounds, isRelease} from '../helpers/heavy-rounds.ts';
import {openTestTerminal} from '../helpers/terminal-for-test.ts';
import {describeOnServer, login, loginBusy, NOWHERE, openPgtop, PROGRAM, pidsOf, stateOf} from './pgtop.ts';
import {hasRow} from './read-screen.ts';

const FROZEN = heavyRounds(1, 2, 20);
/** So many of them side by side. */
const ABREAST = 5;
/** Until it is told that a session has not obeyed; on a busy machine seconds are worth little. */
const MOST_TOLD_MS = isRelease ? 5_000 : 20_000;

/** A folder that is gone after the test. */
function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pgtop-log-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

describeOnServer('in the program', cluster => {
  test('what is signalled is noted and shown by @, with its outcome', async () => {
    const log = join(folderForTest(), 'state', 'audit.jsonl');
    const {session} = await loginBusy(cluster(), 'payroll');
    const terminal = await openPgtop(cluster(), ['--audit-log', log, '--filter', 'app=payroll'], {
      columns: 110,
    });
    await terminal.waitFor(hasRow(session.pid));
    terminal.press('k');
    await terminal.waitFor('y terminates it');
    terminal.press('y');
    await terminal.waitFor(/ended after \d+ ms/);
    terminal.press('@');
    const screen = await terminal.waitFor(`terminate ${session.pid} ended after`);
    expect(screen.text).toContain(`Action log · ${log}`);
    terminal.press('escape');
    await terminal.waitFor('F1 Help');
    const records = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(records.map(({event, result, target}) => [event, result, target.pid])).toEqual([
      ['signal', null, session.pid],
      ['outcome', 'ended', session.pid],
    ]);
  });

  test('a log that cannot be written is told before the key that confirms, which works all the same', async () => {
    const {session} = await loginBusy(cluster(), 'payroll');
    const words = ['--audit-log', '/dev/null/audit.jsonl', '--filter', 'app=payroll'];
    const terminal = await openPgtop(cluster(), words, {columns: 110});
    await terminal.waitFor(hasRow(session.pid));
    terminal.press('k');
    const dialog = await terminal.waitFor('y terminates it');
    expect(dialog.text).toContain('The audit log cannot be written: ENOTDIR');
    terminal.press('y');
    await terminal.waitFor(/ended after \d+ ms\. The audit log was not written/);
  });

  test('PGTOP_READ_ONLY is --read-only on the hosts it names', async () => {
    const {pid} = await loginBusy(cluster(), 'payroll');
    for (const [value, isReadOnly] of [
      ['1', true],
      ['local', true],
      ['db1,prod-*', false],
    ] as const) {
      const terminal = await openPgtop(cluster(), ['--filter', 'app=payroll'], {
        columns: 130,
        env: {PGTOP_READ_ONLY: value},
      });
      await terminal.waitFor(hasRow(pid));
      terminal.press('k');
      const screen = await terminal.waitFor(isReadOnly ? 'no signal can be sent' : 'y terminates it');
      expect(screen.text.includes('· read-only')).toBe(isReadOnly);
      await terminal.close();
    }
  });

  test('a cancel that is ignored is followed by the offer to terminate, which asks again', async () => {
    const {session} = await loginBusy(cluster(), 'payroll');
    const terminal = await openPgtop(cluster(), ['--filter', 'app=payroll'], {columns: 140});
    await terminal.waitFor(hasRow(session.pid));
    process.kill(session.pid, 'SIGSTOP');
    try {
      terminal.press('c');
      await terminal.waitFor('y cancels it');
      terminal.press('y');
      await terminal.waitFor('the session has not obeyed yet. F9 offers to terminate it.');
      terminal.press('f9');
      await terminal.waitFor(`> terminate ${session.pid}, which ignored the cancel`);
      terminal.press('enter');
      await terminal.waitFor(`Terminate ${session.pid}?`);
      await terminal.waitFor('y terminates it');
      terminal.press('n');
      await terminal.waitFor('Nothing was signalled.');
    } finally {
      process.kill(session.pid, 'SIGCONT');
    }
  });

  /** Terminates one as a user would, and resolves with how long it took until the outcome was told. */
  const terminateFrozen = async (application: string) => {
    const log = join(folderForTest(), 'audit.jsonl');
    const {pid} = await loginBusy(cluster(), application);
    const words = ['--audit-log', log, '--filter', `app=${application}`];
    const terminal = await openPgtop(cluster(), words, {columns: 140, interval: '1'});
    await terminal.waitFor(hasRow(pid));
    process.kill(pid, 'SIGSTOP');
    try {
      terminal.press('k');
      await terminal.waitFor('y terminates it');
      const pressedAt = terminal.press('y');
      const screen = await terminal.waitFor('is still there');
      const toldMs = performance.now() - pressedAt;
      expect(screen.text).toMatch(
        new RegExp(`${pid} is still there \\d+ s after the terminate: .*has not obeyed yet`),
      );
      const [, outcome] = readFileSync(log, 'utf8').trim().split('\n');
      expect(JSON.parse(outcome ?? '')).toMatchObject({event: 'outcome', result: 'still-there'});
      return toldMs;
    } finally {
      process.kill(pid, 'SIGCONT');
      await terminal.close();
    }
  };

  test(`a session that stands still is told to be still there when it was terminated (${FROZEN})`, {
    timeout: 90_000 + (FROZEN / ABREAST) * 30_000,
  }, async () => {
    const told: number[] = [];
    while (told.length < FROZEN) {
      const names = Array.from({length: Math.min(ABREAST, FROZEN - told.length)}, (_, i) => `frozen-${i}`);
      told.push(...(await Promise.all(names.map(terminateFrozen))));
    }
    console.log(`told after ${told.map(ms => (ms / 1000).toFixed(2)).join(', ')} s`);
    expect(told.filter(ms => ms > MOST_TOLD_MS)).toEqual([]);
  });
});

describeOnServer('on a terminal, pgtop terminate', cluster => {
  const open = (...words: readonly string[]) =>
    openTestTerminal({
      command: [
        process.execPath,
        PROGRAM,
        ...words,
        ...[
          '-h',
          cluster().socketFolder,
          '-p',
          String(cluster().port),
          '-U',
          cluster().user,
          '-d',
          'postgres',
        ],
        ...['--audit-log', 'none'],
      ],
      env: NOWHERE,
      columns: 120,
    });

  test('asks before it signals one session, and takes y only', async () => {
    const {pid} = await login(cluster(), 'payroll');
    const declined = await open('terminate', String(pid));
    await declined.waitFor('Terminate this session? Type y to do it:');
    declined.type('yes\r');
    expect((await declined.exit()).code).toBe(3);
    expect(await stateOf(cluster(), pid)).toBe('idle');
    const confirmed = await open('terminate', String(pid));
    await confirmed.waitFor('Type y to do it:');
    confirmed.type('y\r');
    const {code} = await confirmed.exit();
    expect([code, await stateOf(cluster(), pid)]).toEqual([0, undefined]);
    expect(confirmed.screen().text).toMatch(/ended after \d+ ms/);
  });

  test('wants the number of five or more sessions typed', async () => {
    for (let index = 0; index < 5; index++) await login(cluster(), 'crowd');
    const terminal = await open('terminate', '--filter', 'app=crowd');
    await terminal.waitFor('Terminate these 5 sessions? Type 5 to do it:');
    terminal.type('y\r');
    expect((await terminal.exit()).code).toBe(3);
    expect(await pidsOf(cluster(), 'crowd')).toHaveLength(5);
    const again = await open('terminate', '--filter', 'app=crowd');
    await again.waitFor('Type 5 to do it:');
    again.type('5\r');
    expect((await again.exit()).code).toBe(0);
    expect(await pidsOf(cluster(), 'crowd')).toHaveLength(0);
  });

  test.each(['ctrl+c', 'ctrl+d'])('signals nothing on %s', async key => {
    const {pid} = await login(cluster(), 'payroll');
    const terminal = await open('terminate', String(pid));
    await terminal.waitFor('Type y to do it:');
    terminal.press(key);
    const {code, signal} = await terminal.exit();
    expect([code === 3 || code === 130, signal]).toEqual([true, null]);
    expect(await stateOf(cluster(), pid)).toBe('idle');
  });
});
