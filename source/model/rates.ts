import type {MeterFigures, MeterSample, MeterSource, Sampled} from './meter-reading.ts';
import type {Microseconds} from './timestamp.ts';

/**
 * What was added to a counter between the two samples. Null without two samples, and when the counter was reset or began
 * anew between them: the difference would be negative or a spike.
 */
export function difference<Source extends MeterSource>(
  {now, before}: Sampled<Source>,
  figure: MeterFigures[Source],
): number | null {
  if (now === null || before === null || now.series !== before.series) return null;
  const [to, from] = [now.figures[figure], before.figures[figure]];
  return to === null || from === null || to < from ? null : to - from;
}

/** The sum of some counters per second between the two samples; null where one of them has no difference, or the clock did not go on. */
export function ratePerSecond<Source extends MeterSource>(
  sampled: Sampled<Source>,
  ...figures: readonly MeterFigures[Source][]
): number | null {
  const seconds = ((sampled.now?.at ?? 0) - (sampled.before?.at ?? 0)) / 1_000_000;
  let added = 0;
  for (const figure of figures) {
    const one = difference(sampled, figure);
    if (one === null || seconds <= 0) return null;
    added += one;
  }
  return added / seconds;
}

/** What one counter grew as a share of what another grew, 0 to 1; null where there is no difference or nothing was added. */
export function shareOf<Source extends MeterSource>(
  sampled: Sampled<Source>,
  part: MeterFigures[Source],
  whole: MeterFigures[Source],
): number | null {
  const of = difference(sampled, part);
  const all = difference(sampled, whole);
  return of === null || all === null || all === 0 ? null : Math.min(1, of / all);
}

/** Samples that are further apart, in microseconds, make no rate: refreshes are a minute apart at most, and nobody may have looked in between. */
const LONGEST_SPAN: Microseconds = 150_000_000;

/**
 * The samples to keep for the next difference: those of the newest one's series that are at most `windowMs` old, or the latest one where
 * they are rarer than that, and the newest one itself.
 */
export function keepWindow<Source extends MeterSource>(
  samples: readonly MeterSample<Source>[],
  newest: MeterSample<Source>,
  windowMs: number,
): readonly MeterSample<Source>[] {
  const ofSeries = samples.filter(({series, at}) => series === newest.series && at < newest.at);
  const noOlderThan = (microseconds: Microseconds) =>
    ofSeries.filter(({at}) => at >= newest.at - microseconds);
  const inWindow = noOlderThan(windowMs * 1000);
  return [...(inWindow.length > 0 ? inWindow : noOlderThan(LONGEST_SPAN).slice(-1)), newest];
}
