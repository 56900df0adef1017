import type {State} from './state.ts';
import {showsProcesses} from './table-rows.ts';

/** Data that so many refreshes have not renewed are called stale. */
const STALE_REFRESHES = 3;
const PATIENCE_MS = 1_000;

/** From when on data are stale, on the local clock, where a refresh was to come within `intervalMs` of `nowMs`. */
export function staleFromMs(nowMs: number, intervalMs: number): number {
  return nowMs + intervalMs * STALE_REFRESHES + PATIENCE_MS;
}

/** True when the data on screen no longer tell how things are. */
export function isStale(state: State): boolean {
  const isOld = state.nowMs > state.staleFromMs;
  return isOld || (state.link.type === 'lost' && !(state.link.why === 'full' && showsProcesses(state)));
}

/** How old the newest data are, in milliseconds of the local clock. */
export function dataAgeMs({nowMs, receivedAtMs}: State): number {
  return Math.max(0, nowMs - receivedAtMs);
}

/** How old the data on screen are, which a pause keeps there, in milliseconds of the local clock. */
export function shownAgeMs({nowMs, shownAtMs}: State): number {
  return Math.max(0, nowMs - shownAtMs);
}

/** The state with another interval, at which a refresh is asked for at once. */
export function withInterval(state: State, intervalMs: number): State {
  return {
    ...state,
    intervalMs,
    staleFromMs: Math.min(state.staleFromMs, staleFromMs(state.nowMs, intervalMs)),
  };
}
