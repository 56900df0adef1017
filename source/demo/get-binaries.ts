import {downloadBuild} from './download-build.ts';
import {type Binaries, findBinaries, noBinariesError} from './find-binaries.ts';
import type {Machine} from './machine.ts';

/**
 * PostgreSQL's programs for the demo: those of this computer, or, only where it has none and only when asked for,
 * a download. @throws DemoError when there are none, PGTOP_PG_BIN is wrong, or the download fails.
 */
export async function getBinaries(
  machine: Machine,
  options: {readonly download: boolean},
): Promise<Binaries> {
  const found = findBinaries(machine);
  if (found !== null) return found;
  if (!options.download) throw noBinariesError(machine);
  return downloadBuild(machine);
}
