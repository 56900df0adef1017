import {expect, test} from 'vitest';
import {openTestTerminal} from '../helpers/terminal-for-test.ts';

const MODULE = new URL('../../source/host/release-stdin.ts', import.meta.url).href;

/** Listens to stdin as the monitor does, leaves it, and has another process read a line of it when told to. */
const SCRIPT = `
  import {spawnSync} from 'node:child_process';
  import {releaseStdin} from '${MODULE}';
  const {stdin} = process;
  const drain = () => { while (stdin.read() !== null); };
  const ignore = () => undefined;
  stdin.on('readable', drain).on('data', ignore);
  await new Promise(setImmediate);
  stdin.off('readable', drain).off('data', ignore);
  await releaseStdin();
  process.on('SIGUSR2', () => {
    const {stdout} = spawnSync('head', ['-n', '1'], {stdio: ['inherit', 'pipe', 'inherit'], timeout: 5000});
    console.log('the next reader got <' + String(stdout).trim() + '>');
    process.exit();
  });
  setInterval(ignore, 1000);
  console.log('released');`;

test('what is typed after stdin was left is for the next reader', async () => {
  const terminal = await openTestTerminal({
    command: [process.execPath, '--no-warnings', '--input-type=module', '--eval', SCRIPT],
  });
  await terminal.waitFor('released');
  terminal.type('sesame\r');
  // The terminal's line shows what it has taken.
  await terminal.waitFor('sesame');
  terminal.kill('SIGUSR2');
  const screen = await terminal.waitFor('the next reader got');
  expect(screen.text).toContain('the next reader got <sesame>');
});
