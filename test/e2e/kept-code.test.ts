import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import type {Cluster} from '../helpers/cluster.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {waitFor} from '../helpers/wait-for.ts';
import {describeOnServer, openPgtop} from './pgtop.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kept-code-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** The folder of the code that runs keep which have such a folder for temporary files. */
const folderIn = (temporary: string) => join(temporary, `pgtop-code-${process.geteuid?.()}`);

/** The one file in it. */
function codeIn(temporary: string): string {
  const [name = 'none', ...more] = readdirSync(folderIn(temporary));
  expect(more).toEqual([]);
  return join(folderIn(temporary), name);
}

/** A monitor with its first data on the screen that has such a folder for temporary files. */
async function openAt(cluster: Cluster, temporary: string): Promise<Terminal> {
  const env = {TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: undefined};
  const terminal = await openPgtop(cluster, [], {env});
  await terminal.waitFor('Conn');
  return terminal;
}

async function leave(terminal: Terminal): Promise<void> {
  terminal.press('q');
  expect(await terminal.exit()).toEqual({code: 0, signal: null, leftovers: []});
}

async function watchOnce(cluster: Cluster, temporary: string): Promise<void> {
  await leave(await openAt(cluster, temporary));
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
    writeFileSync(file, Buffer.from(whole).fill(0, 200_000, 204_000));
    const {ino} = statSync(file);
    await watchOnce(cluster(), temporary);
    expect(statSync(codeIn(temporary)).ino).not.toBe(ino);
  });

  test('is left while the monitor runs, before V8 is told how to go on', async () => {
    const temporary = temporaryFolder();
    const terminal = await openAt(cluster(), temporary);
    // Until it is whole its name ends in a point and a pid.
    const isLeft = async () => existsSync(folderIn(temporary)) && /-[\da-f]+$/.test(codeIn(temporary));
    await waitFor('the code', isLeft);
    await leave(terminal);
    const {ino} = statSync(codeIn(temporary));
    await watchOnce(cluster(), temporary);
    expect(statSync(codeIn(temporary)).ino).toBe(ino);
  });
});
