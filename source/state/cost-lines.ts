import {formatBytes, formatDuration} from '../model/format.ts';
import {type Line, type Span, span} from './line.ts';
import type {State} from './state.ts';

/** Milliseconds between two refreshes as they come: the wanted ones, or more while they are too dear for the server. */
export function intervalMsOf({intervalMs, cost}: State): number {
  return Math.max(intervalMs, cost?.slowedMs ?? 0);
}

/** How often the data come, and how often they were to come where the server would have to work too much for that. */
export function intervalText(state: State): readonly Span[] {
  const wanted = `${state.intervalMs / 1_000} s`;
  const usedMs = intervalMsOf(state);
  if (usedMs === state.intervalMs) return [span(wanted)];
  return [span(`${usedMs / 1_000} s instead of ${wanted}`, 'waiting')];
}

/** What the monitor itself costs; empty unless asked for. */
export function costLines({showsCost, cost}: State): readonly Line[] {
  if (!showsCost || cost === null) return [];
  const figures: readonly (readonly [caption: string, value: string])[] = [
    ['refresh', formatDuration(cost.durationMs)],
    ['server', formatDuration(cost.workMs)],
    ['line', formatBytes(cost.bytes)],
    ['CPU', `${(cost.cpuRatio * 100).toFixed(1)}%`],
    ['memory', formatBytes(cost.residentBytes)],
  ];
  const spans = figures.flatMap(([caption, value]) => [span(`  ${caption} `, 'dim'), span(value.padEnd(5))]);
  return [{spans: [span('pgtop itself', 'strong'), ...spans]}];
}
