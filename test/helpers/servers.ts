import {existsSync} from 'node:fs';

/** The majors that tests want: PGTOP_TEST_MAJORS as in `10,18`, otherwise those that the test workspace installs. */
export const majors: readonly number[] = (process.env.PGTOP_TEST_MAJORS ?? '10,14,18').split(',').map(Number);

/** The programs of a major, from the test workspace or from the system; null when there are none. */
export function programsOfMajor(major: number): string | null {
  const installed = new URL(`../../node_modules/pg${major}/native/bin`, import.meta.url).pathname;
  return (
    [installed, `/usr/lib/postgresql/${major}/bin`].find(folder => existsSync(`${folder}/initdb`)) ?? null
  );
}

/** Why there are no tests on a major. */
export function missingReason(major: number): string {
  return `no programs in node_modules/pg${major} (the test workspace installs them on linux-x64 only)`;
}
