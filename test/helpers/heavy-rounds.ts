/** True when PGTOP_TEST_HEAVY=all asks for the counts, the durations and the figures of a release; they take hours. */
export const isRelease = process.env.PGTOP_TEST_HEAVY === 'all';

/**
 * How many rounds a test of chance takes: few in a run by hand, more where PGTOP_TEST_HEAVY is `ci`, as many as the claim says
 * where it is `all`.
 */
export function heavyRounds(few: number, ci: number, all: number): number {
  if (isRelease) return all;
  return process.env.PGTOP_TEST_HEAVY === 'ci' ? ci : few;
}
