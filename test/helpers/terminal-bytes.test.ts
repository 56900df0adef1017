import {expect, test} from 'vitest';
import {fixture, openTestTerminal as open} from './terminal-for-test.ts';

const node = process.execPath;
const fullScreen = [process.execPath, fixture('terminal-full-screen')];

test('bytes are all kept, with the time from a key to the first of them', async () => {
  const terminal = await open({command: [node, fixture('terminal-keys')]});
  // A line and its end may come one after the other.
  await expect.poll(() => terminal.bytes.text(), {timeout: 20_000}).toBe('ready\r\n');
  const chunksBefore = terminal.bytes.chunks.length;
  const at = terminal.press('a');
  await expect.poll(() => terminal.bytes.text({from: at}), {timeout: 20_000}).toBe('input "a"\r\n');
  expect(terminal.bytes.text({to: at})).toBe('ready\r\n');
  expect(terminal.bytes.firstAfter(at)).toBe(terminal.bytes.chunks[chunksBefore]);
  expect(terminal.bytes.firstAfter(performance.now())).toBeUndefined();
});

test('bytes are searched for full clears of the screen', async () => {
  const terminal = await open({command: fullScreen});
  await terminal.waitFor('size 80x24');
  const from = performance.now();
  await terminal.resize(90, 24);
  await terminal.waitFor('size 90x24');
  expect([terminal.bytes.fullClears(), terminal.bytes.fullClears({from})]).toEqual([2, 1]);
});

test('bytes make the program wait when they are read slowly', async () => {
  const terminal = await open({command: [node, fixture('terminal-flood'), '50'], bytesPerSecond: 100_000});
  await terminal.exit();
  const took = Number(/took (\d+) ms/.exec(terminal.bytes.text())?.[1]);
  expect(took).toBeGreaterThan(200);
  expect(terminal.bytes.size()).toBeGreaterThan(50_000);
  expect(performance.now() - terminal.startedAt).toBeGreaterThan(450);
});

test('bytes stand still while nothing is read, and then all come', async () => {
  const terminal = await open({command: [node, fixture('terminal-flood'), '50'], bytesPerSecond: 0});
  await expect(terminal.exit({deadlineMs: 200})).rejects.toThrow('the program still runs');
  expect(terminal.bytes.size()).toBeLessThan(1000);
  terminal.throttle(Number.POSITIVE_INFINITY);
  expect(await terminal.exit()).toMatchObject({code: 0});
  expect(terminal.bytes.count('.'.repeat(998))).toBe(50);
});

test('bytes cannot be slowed down in a terminal that was not opened for it', async () => {
  const terminal = await open({command: ['sleep', '60']});
  expect(() => terminal.throttle(10)).toThrow('bytesPerSecond');
});
