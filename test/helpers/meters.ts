import {
  type MeterFigures,
  type MeterReading,
  type MeterSample,
  type MeterSource,
  NO_METERS,
  type Sampled,
} from '../../source/model/meter-reading.ts';
import {FIGURES} from '../../source/postgres/queries/meters.ts';
import {NOW, SECOND} from './snapshots.ts';

/** A sample of some seconds after NOW; a figure that the test does not tell is 0. */
export function meterSample<Source extends MeterSource>(
  source: Source,
  second: number,
  figures: Partial<Readonly<Record<MeterFigures[Source], number | null>>>,
  series = 'a',
): MeterSample<Source> {
  const names: Readonly<Record<MeterSource, readonly string[]>> = {...FIGURES, host: []};
  const zeros = Object.fromEntries(names[source].map(figure => [figure, 0]));
  return {
    at: NOW + second * SECOND,
    series,
    figures: {...zeros, ...figures} as MeterSample<Source>['figures'],
  };
}

/** What two readings of a question brought. */
export function sampled<Source extends MeterSource>(
  before: MeterSample<Source> | null,
  now: MeterSample<Source>,
): Sampled<Source> {
  return {before, now, failure: null};
}

/** The readings of a server that was just asked, with what a test says of them instead. */
export function meterReading(differences: Partial<MeterReading> = {}): MeterReading {
  return {...NO_METERS, ...differences};
}
