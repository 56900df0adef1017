import type {Step} from './action.ts';
import {helpLines} from './help-lines.ts';
import {inspectLines} from './inspect-lines.ts';
import {lockTable, lockTableHeight} from './lock-table.ts';
import {logLines} from './log-lines.ts';
import type {Mode} from './mode.ts';
import type {State} from './state.ts';

type Scrollable = Extract<Mode, {type: 'inspect' | 'help' | 'action-log'}>;

/** Lines of a full-screen page besides the two at the bottom. */
export function pageHeight({rows}: Pick<State, 'rows'>): number {
  return Math.max(1, rows - 2);
}

/** How many lines the page has in all. */
export function contentHeight(state: State, mode: Scrollable): number {
  if (mode.type === 'help') return helpLines(state).length;
  if (mode.type === 'action-log') return logLines(state, mode).length;
  const isOwn = state.detail?.key === mode.session.key;
  const locks = state.detail !== null && isOwn ? lockTable(state.detail, state.columns).length : 0;
  return inspectLines(state, mode).length + lockTableHeight(locks);
}

/** The first visible line, never beyond the last page. */
export function scrollOf(state: State, mode: Scrollable): number {
  return Math.max(0, Math.min(mode.scroll, contentHeight(state, mode) - pageHeight(state)));
}

/** The first visible line after a step. */
export function moveScroll(state: State, mode: Scrollable, step: Step): number {
  const page = Math.max(1, pageHeight(state) - 1);
  const height = contentHeight(state, mode);
  const distance = {up: -1, down: 1, 'page-up': -page, 'page-down': page, first: -height, last: height}[step];
  return scrollOf(state, {...mode, scroll: scrollOf(state, mode) + distance});
}
