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
  utimesSync,
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

test('what one run leaves the next one finds, in a folder for nobody else', () => {
  expect(codeFile('one', temporary).read()).toBeUndefined();
  codeFile('one', temporary).write(() => CODE);
  expect(codeFile('one', temporary).read()).toEqual(CODE);
  expect([modeOf(folder), modeOf(join(folder, 'one'))]).toEqual(['700', '600']);
});

test('the code of other builds is left to them for a week', () => {
  codeFile('one', temporary).write(() => CODE);
  codeFile('two', temporary).write(() => Buffer.from('other code'));
  expect(codeFile('one', temporary).read()).toEqual(CODE);
  const weekAgo = Date.now() / 1_000 - 7 * 24 * 3_600 - 60;
  utimesSync(join(folder, 'one'), weekAgo, weekAgo);
  codeFile('two', temporary).write(() => Buffer.from('newer code'));
  expect(codeFile('two', temporary).read()).toEqual(Buffer.from('newer code'));
  expect(readdirSync(folder)).toEqual(['two']);
});

test.each([
  ['a byte of it is another', (file: string) => writeFileSync(file, readFileSync(file).fill(0, 3, 4))],
  ['its end is missing', (file: string) => truncateSync(file, 9)],
  ['it is empty', (file: string) => truncateSync(file)],
])('code is none where %s, until it is left anew', (_what, damage) => {
  codeFile('one', temporary).write(() => CODE);
  damage(join(folder, 'one'));
  expect(codeFile('one', temporary).read()).toBeUndefined();
  codeFile('one', temporary).write(() => CODE);
  expect(codeFile('one', temporary).read()).toEqual(CODE);
});

test('code in a folder that others may write is not taken, and none is left there', () => {
  codeFile('one', temporary).write(() => CODE);
  chmodSync(folder, 0o777);
  expect(codeFile('one', temporary).read()).toBeUndefined();
  codeFile('two', temporary).write(() => CODE);
  expect(readdirSync(folder)).toEqual(['one']);
});

test.runIf(process.geteuid?.() === 0)('nor is it in a folder of somebody else', () => {
  mkdirSync(folder, {mode: 0o700});
  chownSync(folder, 65_534, 65_534);
  codeFile('one', temporary).write(() => CODE);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([0o777, 0o775])(
  'nor in a folder for temporary files where others may rename it (mode %o)',
  mode => {
    codeFile('one', temporary).write(() => CODE);
    chmodSync(temporary, mode);
    expect(codeFile('one', temporary).read()).toBeUndefined();
    chmodSync(temporary, 0o1000 | mode);
    expect(codeFile('one', temporary).read()).toEqual(CODE);
  },
);

test('where no folder can be made none is left, and nothing is said', () => {
  const nowhere = join(temporary, 'missing');
  codeFile('one', nowhere).write(() => CODE);
  expect(codeFile('one', nowhere).read()).toBeUndefined();
});

test('code that cannot be made ends nothing and leaves nothing', () => {
  codeFile('one', temporary).write(() => {
    throw new Error('out of memory');
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('a user who wants no compile cache of Node.js has none of this program either', () => {
  vi.stubEnv('NODE_DISABLE_COMPILE_CACHE', '1');
  codeFile('one', temporary).write(() => expect.fail('it is not wanted'));
  expect(readdirSync(temporary)).toEqual([]);
  vi.stubEnv('NODE_DISABLE_COMPILE_CACHE', '');
  codeFile('one', temporary).write(() => CODE);
  vi.stubEnv('NODE_DISABLE_COMPILE_CACHE', '1');
  expect(codeFile('one', temporary).read()).toBeUndefined();
});
