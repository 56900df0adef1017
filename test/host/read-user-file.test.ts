import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {readUserFile} from '../../source/host/read-user-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgtop-file-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

it('gives text, permission bits and owner of a plain file, also through a link', () => {
  const path = join(folder, 'pass');
  writeFileSync(path, 'f\u00fcnf\n');
  chmodSync(path, 0o640);
  symlinkSync(path, join(folder, 'link'));
  const expected = {kind: 'file', mode: 0o640, ownerId: process.getuid?.(), text: 'f\u00fcnf\n'};
  expect([readUserFile(path), readUserFile(join(folder, 'link'))]).toEqual([expected, expected]);
});

it('knows a socket without reading it', async () => {
  const path = join(folder, '.s.PGSQL.5432');
  const server = createServer();
  await new Promise<void>(resolve => server.listen(path, resolve));
  expect(readUserFile(path)).toMatchObject({kind: 'socket', text: undefined});
  await new Promise(resolve => server.close(resolve));
});

it('never opens a folder or a device', () => {
  mkdirSync(join(folder, 'sub'));
  expect(readUserFile(join(folder, 'sub'))).toMatchObject({kind: 'other', text: undefined});
  expect(readUserFile('/dev/zero')).toMatchObject({kind: 'other', text: undefined});
});

it('finds nothing where nothing is', () => {
  const file = join(folder, 'plain');
  writeFileSync(file, '');
  symlinkSync(join(folder, 'loop'), join(folder, 'loop'));
  const paths = [join(folder, 'absent'), join(file, 'below'), join(folder, 'loop'), `/${'x'.repeat(5_000)}`];
  expect(paths.map(readUserFile)).toEqual([null, null, null, null]);
});
