/** Figures by name, most of them milliseconds. */
type Figures<Name extends string> = Readonly<Record<Name, number>>;

/**
 * The smallest that each figure was in one try, or in up to three until all have been below their bounds: a machine that others hold up makes single
 * ones large, a program that is slow makes each one large.
 */
export async function bestOfThree<Name extends string>(
  bounds: Figures<Name>,
  measure: () => Promise<Figures<Name>>,
): Promise<Figures<Name>> {
  const names = Object.keys(bounds) as Name[];
  let best = await measure();
  for (let tries = 1; tries < 3 && names.some(name => best[name] >= bounds[name]); tries++) {
    console.log(`try ${tries} was held up: ${JSON.stringify(best)}`);
    const before = best;
    const next = await measure();
    best = Object.fromEntries(names.map(name => [name, Math.min(before[name], next[name])])) as Figures<Name>;
  }
  return best;
}

/** The same for one figure. */
export async function leastOfThree(bound: number, measure: () => Promise<number>): Promise<number> {
  const {ms} = await bestOfThree({ms: bound}, async () => ({ms: await measure()}));
  return ms;
}
