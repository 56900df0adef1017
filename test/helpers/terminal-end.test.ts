import {expect, test} from 'vitest';
import {fixture, openTestTerminal as open} from './terminal-for-test.ts';

const fullScreen = [process.execPath, fixture('terminal-full-screen')];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('the end tells everything that a killed program has left switched on', async () => {
  const terminal = await open({command: fullScreen});
  await terminal.waitFor('size 80x24');
  terminal.press('m');
  const {signal, leftovers} = await terminal.exit();
  expect(signal).toBe('SIGKILL');
  expect(leftovers.filter(leftover => !leftover.startsWith('stty'))).toEqual([
    'alternate screen',
    'hidden cursor',
    'scroll region 2 to 5',
    'bracketed paste',
    'mouse tracking',
  ]);
  expect(leftovers).toEqual(expect.arrayContaining(['stty: -icanon', 'stty: -echo']));
  expect(terminal.sttyAfterExit).toMatch(/ -icanon.* -echo /s);
});

test('the end tells colours that are left on', async () => {
  const terminal = await open({command: ['printf', '\\033[31mred']});
  expect(await terminal.exit()).toMatchObject({leftovers: ['colours or text style']});
  expect(terminal.screen().lines[0]).toBe('red');
});

test('the end is preceded by SIGHUP when the connection drops', async () => {
  const terminal = await open({command: fullScreen});
  await terminal.waitFor('size 80x24');
  terminal.hangUp();
  expect(await terminal.exit()).toMatchObject({code: 129, signal: null});
  expect(terminal.sttyAfterExit).toBeUndefined();
  terminal.press('q');
});

test('the end can be put off by Ctrl-Z', async () => {
  const terminal = await open({command: fullScreen});
  await terminal.waitFor('size 80x24');
  terminal.press('ctrl+z');
  await terminal.stopped();
  expect((await terminal.waitFor('before')).isAlternate).toBe(false);
  expect(terminal.stty()).toMatch(/ icanon.* echo /s);
  terminal.kill('SIGCONT');
  await terminal.waitFor(screen => screen.isAlternate);
  terminal.press('q');
  expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
});

test('the end comes with close, also for a program that is stopped or deaf to SIGHUP', async () => {
  const deaf = await open({command: ['sh', '-c', "trap '' HUP; echo ready; while :; do sleep 0.05; done"]});
  await deaf.waitFor('ready');
  const stopped = await open({command: ['sleep', '60']});
  stopped.kill('SIGSTOP');
  await stopped.stopped();
  await Promise.all([deaf.close({graceMs: 50}), stopped.close(), stopped.close()]);
  expect([isAlive(deaf.pid), isAlive(stopped.pid)]).toEqual([false, false]);
});

test('the end of one terminal does not touch another', async () => {
  const terminals = await Promise.all(
    ['one', 'two', 'three', 'four'].map(word =>
      open({command: ['sh', '-c', `echo ${word}; read line; exit 7`]}),
    ),
  );
  const [first, ...others] = terminals;
  await first?.close();
  for (const terminal of others) terminal.press('enter');
  const ends = await Promise.all(others.map(terminal => terminal.exit()));
  expect(ends.map(end => end.code)).toEqual([7, 7, 7]);
  expect(new Set(terminals.map(terminal => terminal.device)).size).toBe(4);
});
