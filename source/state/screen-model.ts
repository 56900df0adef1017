import {confirmLines} from './confirm-lines.ts';
import {fitLine} from './fit-line.ts';
import {footerLines} from './footer-lines.ts';
import {groupLines} from './group-lines.ts';
import {headerLines} from './header-lines.ts';
import {helpLines} from './help-lines.ts';
import {inspectLines} from './inspect-lines.ts';
import {type Line, line} from './line.ts';
import {loadViewLines} from './load-view-lines.ts';
import {type LockTableColumn, type LockTableRow, lockTable, lockTableColumns} from './lock-table.ts';
import {logLines} from './log-lines.ts';
import {menuLines} from './menu-lines.ts';
import {regionsOf} from './regions.ts';
import {runLines} from './run-lines.ts';
import {pageHeight, scrollOf} from './scroll.ts';
import type {State} from './state.ts';
import {tableLines} from './table-lines.ts';
import {isTooSmall, LEAST_COLUMNS, LEAST_ROWS} from './terminal-bounds.ts';
import {treeLines} from './tree-lines.ts';

/** A part of the screen: finished lines, each exactly as wide as the terminal. */
export type Region = {
  readonly name: 'header' | 'table' | 'tree' | 'dialog' | 'page' | 'footer';
  readonly lines: readonly Line[];
};

/** The whole screen as it is to be drawn. The lines of all regions together are exactly the terminal's rows. */
export type ScreenModel =
  | {readonly type: 'regions'; readonly regions: readonly Region[]}
  | {
      readonly type: 'inspect';
      /** The visible lines above the table of locks. */
      readonly page: Region;
      /** The session's locks, and how many of the table's own lines are scrolled out at the top. */
      readonly locks: readonly LockTableRow[];
      readonly lockColumns: readonly LockTableColumn[];
      readonly hiddenLockLines: number;
      /** Lines of the screen that the table of locks may fill. */
      readonly lockRoom: number;
      readonly footer: Region;
    };

/** What the screen shows for a state. Pure, and the only way from the state to the screen. */
export function screenModel(state: State): ScreenModel {
  const {mode} = state;
  const fit = (lines: readonly Line[]) =>
    lines.map(each => fitLine(each, state.columns, state.options.isAscii));
  if (isTooSmall(state))
    return {type: 'regions', regions: [{name: 'page', lines: fit(tooSmallLines(state))}]};
  const footer: Region = {name: 'footer', lines: fit(footerLines(state))};
  if (mode.type === 'help' || mode.type === 'action-log') {
    const lines = mode.type === 'help' ? helpLines(state) : logLines(state, mode);
    const page = pageOf(lines, scrollOf(state, mode), pageHeight(state));
    return {type: 'regions', regions: [{name: 'page', lines: fit(page)}, footer]};
  }
  if (mode.type === 'inspect') {
    const all = inspectLines(state, mode);
    const scroll = scrollOf(state, mode);
    const visible = all.slice(scroll, scroll + pageHeight(state));
    const isOwn = state.detail !== null && state.detail.key === mode.session.key;
    return {
      type: 'inspect',
      page: {name: 'page', lines: fit(visible)},
      locks: isOwn && state.detail !== null ? lockTable(state.detail, state.columns) : [],
      lockColumns: lockTableColumns(state.columns),
      hiddenLockLines: Math.max(0, scroll - all.length),
      lockRoom: pageHeight(state) - visible.length,
      footer,
    };
  }
  return {type: 'regions', regions: [...browseRegions(state, fit), footer]};
}

function browseRegions(state: State, fit: (lines: readonly Line[]) => readonly Line[]): readonly Region[] {
  const {mode} = state;
  const heights = regionsOf(state);
  const dialog =
    mode.type === 'confirm'
      ? confirmLines(mode, state)
      : mode.type === 'menu'
        ? menuLines(mode, state, heights.dialog)
        : mode.type === 'batch'
          ? runLines(mode, state)
          : [];
  const regions: readonly Region[] = [
    {name: 'header', lines: fit(headerLines(state).slice(0, heights.header))},
    {name: 'table', lines: fit(mainLines(state, heights.table))},
    {name: 'tree', lines: fit(treeLines(state, heights.tree))},
    {name: 'dialog', lines: fit(keepEnds(dialog, heights.dialog))},
  ];
  return regions.filter(({lines}) => lines.length > 0);
}

function mainLines(state: State, height: number): readonly Line[] {
  if (state.main === 'load') return loadViewLines(state, height);
  return state.main === 'groups' ? groupLines(state, height) : tableLines(state, height);
}

/** A dialog cut to its room keeps its title and, above all, the line with its keys. */
function keepEnds(lines: readonly Line[], height: number): readonly Line[] {
  return lines.length <= height ? lines : [...lines.slice(0, height - 1), ...lines.slice(-1)];
}

function pageOf(lines: readonly Line[], scroll: number, height: number): readonly Line[] {
  const visible = lines.slice(scroll, scroll + height);
  return [...visible, ...Array.from({length: height - visible.length}, () => line(''))];
}

function tooSmallLines({columns, rows}: State): readonly Line[] {
  const text = [` pgtop needs ${LEAST_COLUMNS}x${LEAST_ROWS},`, ` this is ${columns}x${rows}.`, ' q quits.'];
  return Array.from({length: rows}, (_, index) => line(text[index] ?? ''));
}
