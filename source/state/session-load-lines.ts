import {formatDuration} from '../model/format.ts';
import {WAIT_CLASSES} from '../model/load.ts';
import {sessionLoad} from '../model/load-shares.ts';
import type {Session} from '../model/session.ts';
import {type Line, line, type Span, span} from './line.ts';
import {hasLetters, LOOKS, stackCell} from './load-looks.ts';
import type {State} from './state.ts';

/** What a session did in its last minutes: its share of the time in each wait class, under a heading and a strip with a cell for every five seconds that were sampled. */
export function sessionLoadLines(state: State, {key, backend}: Session): readonly Line[] {
  const {buckets, shares, stretchMs} = sessionLoad(state.loadRecords, {
    key,
    backendStart: backend.backendStart,
  });
  const isLettered = hasLetters(state);
  const stretch = formatDuration(stretchMs);
  const strip = buckets.slice(-Math.max(1, state.columns - 2));
  const classes = WAIT_CLASSES.flatMap((name, index): readonly Span[] => {
    const {tone, letter} = LOOKS[name];
    const share = shares[index] ?? 0;
    if (share === 0) return [];
    return [span(` ${isLettered ? `${letter}=` : ''}${name}`, tone), span(` ${percent(share)} `)];
  });
  const rest = 1 - shares.reduce((sum, each) => sum + each, 0);
  return [
    {...line(` Load · last ${stretch}`), mark: 'heading'},
    {spans: [span(' '), ...strip.map(each => cellOf(each, isLettered))]},
    {spans: [...classes, span(` not active ${percent(Math.max(0, rest))}`, 'dim')]},
  ];
}

/** A cell of the strip: a dot while the session was not active. */
function cellOf(shares: readonly number[], isLettered: boolean): Span {
  return shares.some(share => share > 0) ? stackCell(shares, 0, 1, isLettered) : span('·', 'dim');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
