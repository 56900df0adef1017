import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import {codeFile} from '../../source/host/code-file.ts';

const CODE = Buffer.from('what V8 made of it');

let temporary = '';
let folder = '';

beforeEach(() => {
  vi.stubEnv('NODE_DISABLE_COMPILE_CACHE', undefined);
  temporary = mkdtempSync(join(tmpdir(), 'pgtop-code-file-'));
  folder = join(temporary, `pgtop-code-${process.geteuid?.()}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(temporary, {recursive: true, force: true});
  });
});

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

test('what one run leaves the next one finds, in a folder for nobody else', async () => {
  expect(codeFile('one', temporary).read()).toBeUndefined();
  await codeFile('one', temporary).write(CODE);
  expect(codeFile('one', temporary).read()).toEqual(CODE);
  expect([modeOf(folder), modeOf(join(folder, 'one'))]).toEqual(['700', '600']);
});

test('the code of one build takes the place of that of others', async () => {
  await codeFile('one', temporary).write(CODE);
  await codeFile('two', temporary).write(Buffer.from('other code'));
  expect(codeFile('two', temporary).read()).toEqual(Buffer.from('other code'));
  expect(codeFile('one', temporary).read()).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['two']);
});

test('of runs that leave it at once one does, whole', async () => {
  await Promise.all([1, 2, 3].map(() => codeFile('one', temporary).write(CODE)));
  expect(codeFile('one', temporary).read()).toEqual(CODE);
  expect(readdirSync(folder)).toEqual(['one']);
});

test.each([
  ['a byte of it is another', (file: string) => writeFileSync(file, readFileSync(file).fill(0, 3, 4))],
  ['its end is missing', (file: string) => truncateSync(file, 9)],
  ['it is empty', (file: string) => truncateSync(file)],
])('code is none where %s, until it is left anew', async (_what, damage) => {
  await codeFile('one', temporary).write(CODE);
  damage(join(folder, 'one'));
  expect(codeFile('one', temporary).read()).toBeUndefined();
  await codeFile('one', temporary).write(CODE);
  expect(codeFile('one', temporary).read()).toEqual(CODE);
});

test('code in a folder that others may write is not taken, and none is left there', async () => {
  await codeFile('one', temporary).write(CODE);
  chmodSync(folder, 0o777);
  expect(codeFile('one', temporary).read()).toBeUndefined();
  await codeFile('two', temporary).write(CODE);
  expect(readdirSync(folder)).toEqual(['one']);
});

test.runIf(process.geteuid?.() === 0)('nor is it in a folder of somebody else', async () => {
  mkdirSync(folder, {mode: 0o700});
  chownSync(folder, 65_534, 65_534);
  await codeFile('one', temporary).write(CODE);
  expect(readdirSync(folder)).toEqual([]);
});

test('where no folder can be made none is left, and nothing is said', async () => {
  const nowhere = join(temporary, 'missing');
  await codeFile('one', nowhere).write(CODE);
  expect(codeFile('one', nowhere).read()).toBeUndefined();
});

test('a user who wants no compile cache of Node.js has none of this program either', async () => {
  await codeFile('one', temporary).write(CODE);
  vi.stubEnv('NODE_DISABLE_COMPILE_CACHE', '1');
  expect(codeFile('one', temporary).read()).toBeUndefined();
  await codeFile('two', temporary).write(CODE);
  expect(readdirSync(folder)).toEqual(['one']);
});
