import type {State} from './state.ts';

/** Below this the screen says that it is too small and shows nothing else. */
export const LEAST_COLUMNS = 40;
export const LEAST_ROWS = 10;

/** True when the terminal is too small for anything but saying so. */
export function isTooSmall({columns, rows}: Pick<State, 'columns' | 'rows'>): boolean {
  return columns < LEAST_COLUMNS || rows < LEAST_ROWS;
}
