import {existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync} from 'node:fs';
import {basename, join} from 'node:path';

/** A second name of a library, in the same folder: what the loader asks for. Both are plain file names. */
export type LibraryLink = {readonly alias: string; readonly target: string};

/** The links that npm's archives cannot carry, from the `pg-symlinks.json` of an npm build. */
export function libraryLinks(json: string): readonly LibraryLink[] {
  const entries: unknown = JSON.parse(json);
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    const {source, target} = entry as {source?: unknown; target?: unknown};
    if (typeof source !== 'string' || typeof target !== 'string') return [];
    return [{alias: basename(target), target: basename(source)}];
  });
}

/** The links that an unpacked build lacks because no install script ran; none for any other PostgreSQL. `home` is the folder above `bin`. */
export function missingLibraryLinks(home: string): readonly LibraryLink[] {
  const list = join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  return libraryLinks(readFileSync(list, 'utf8')).filter(({alias}) => !existsSync(join(home, 'lib', alias)));
}

/**
 * Makes the folder for LD_LIBRARY_PATH: links to all libraries of the build under all their names. All of them,
 * since a library that is found through here looks for its own libraries in this folder too.
 */
export function makeLibraryFolder(home: string, links: readonly LibraryLink[], folder: string): void {
  const libraries = join(home, 'lib');
  mkdirSync(folder);
  const files = readdirSync(libraries).filter(name => /\.(so|dylib)(\.|$)/.test(name));
  for (const name of files) symlinkSync(join(libraries, name), join(folder, name));
  for (const {alias, target} of links) symlinkSync(join(libraries, target), join(folder, alias));
}
