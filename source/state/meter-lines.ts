import {formatMeter, type Meter, readMeter} from '../model/meters/meter.ts';
import {METERS} from '../model/meters/meters.ts';
import type {Snapshot} from '../model/snapshot.ts';
import type {Thresholds} from '../model/thresholds.ts';
import {type Line, type Span, span} from './line.ts';
import {memoLast} from './memo-last.ts';
import type {State} from './state.ts';

const GAP = '  ';

/** The meters in as many lines as the terminal can spare: one on 24 rows, so that the table keeps most of them, three from 40 on. */
export function meterLines({columns, rows, shown, options}: State): readonly Line[] {
  if (shown === null) return [];
  const lines = Math.max(1, Math.min(3, Math.floor((rows - 16) / 8)));
  return linesOf(shown, columns, lines, options.thresholds);
}

// The header is asked for its height and for its text at every frame.
const linesOf = memoLast(
  (shown: Snapshot, columns: number, count: number, thresholds: Thresholds): readonly Line[] =>
    placeMeters(columns, count, shown.reading.meters.host.now !== null).map(meters => ({
      spans: meters.flatMap((meter, index) =>
        meterSpans(meter, shown, thresholds, index === meters.length - 1),
      ),
    })),
);

/** Which meters stand in which line. A meter keeps its place whatever it says, so that the eye finds it; those of a machine that is not this one have none. */
function placeMeters(columns: number, count: number, isHostKnown: boolean): readonly (readonly Meter[])[] {
  const lines: Meter[][] = [];
  let left = 0;
  for (const meter of METERS.filter(({source}) => source !== 'host' || isHostKnown)) {
    const width = meter.caption.length + 1 + meter.width;
    if (width + GAP.length > left) {
      if (lines.length === count) break;
      lines.push([]);
      left = columns + GAP.length;
    }
    lines.at(-1)?.push(meter);
    left -= width + GAP.length;
  }
  return lines;
}

function meterSpans(meter: Meter, shown: Snapshot, thresholds: Thresholds, isLast: boolean): readonly Span[] {
  const value = readMeter(meter, shown, thresholds);
  const isStale = meter.source !== null && shown.reading.meters[meter.source].failure !== null;
  const text = `${formatMeter(meter.unit, value)}${isStale && value.type === 'known' ? '~' : ''}`;
  const isBad = value.type === 'known' && value.isBad;
  const tone = isBad ? 'danger' : value.type === 'known' ? 'plain' : 'dim';
  return [
    span(`${meter.caption} `, 'dim'),
    // Told without colour too.
    span(`${isBad ? `${text}!` : text}`.padEnd(meter.width).slice(0, meter.width), tone),
    span(isLast ? '' : GAP, 'dim'),
  ];
}
