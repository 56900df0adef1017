import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import type {Cluster} from '../helpers/cluster.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {describeOnServer, openPgtop} from './pgtop.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kept-code-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** Where a run that has such a folder for temporary files keeps the code of the program. */
function codeIn(temporary: string): string {
  const folder = join(temporary, `pgtop-code-${process.geteuid?.()}`);
  const [name = 'none', ...more] = readdirSync(folder);
  expect(more).toEqual([]);
  return join(folder, name);
}

async function watchOnce(cluster: Cluster, temporary: string): Promise<void> {
  const env = {TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: undefined};
  const terminal = await openPgtop(cluster, [], {env});
  await terminal.waitFor('Conn');
  terminal.press('q');
  expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
}

describeOnServer('the code of the program', cluster => {
  test('is left by the first run and taken by the next, which would leave it anew otherwise', async () => {
    const temporary = temporaryFolder();
    await watchOnce(cluster(), temporary);
    const {ino, size} = statSync(codeIn(temporary));
    expect(size).toBeGreaterThan(500_000);
    await watchOnce(cluster(), temporary);
    expect(statSync(codeIn(temporary)).ino).toBe(ino);
  });

  test('is made again where the file is damaged', async () => {
    const temporary = temporaryFolder();
    await watchOnce(cluster(), temporary);
    const file = codeIn(temporary);
    const whole = readFileSync(file);
    writeFileSync(file, Buffer.from(whole).fill(0, whole.length / 2, whole.length / 2 + 4_000));
    const {ino} = statSync(file);
    await watchOnce(cluster(), temporary);
    expect(statSync(codeIn(temporary)).ino).not.toBe(ino);
  });

  test('is left while the monitor runs, before V8 is told how to go on', async () => {
    const temporary = temporaryFolder();
    const env = {TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: undefined};
    const terminal = await openPgtop(cluster(), [], {env});
    await terminal.waitFor('Conn');
    const isLeft = async () => readdirSync(temporary).length > 0 && statSync(codeIn(temporary)).size > 0;
    await waitFor('the code', isLeft);
    terminal.press('q');
    await terminal.exit();
    const {ino} = statSync(codeIn(temporary));
    await watchOnce(cluster(), temporary);
    expect(statSync(codeIn(temporary)).ino).toBe(ino);
  });
});
