import {remembered} from '../model/remembered.ts';
import {confirmLines} from './confirm-lines.ts';
import {headerLines} from './header-lines.ts';
import {runLines} from './run-lines.ts';
import type {State} from './state.ts';
import {isTreeOpen, treeRows} from './tree-rows.ts';

/** How many lines each part of the screen gets; together exactly the terminal's rows. */
export type Regions = {
  readonly header: number;
  /** The table with its heading. */
  readonly table: number;
  /** The lock-wait tree with its title; 0 while it is closed. */
  readonly tree: number;
  /** A dialog or menu above the message line; 0 without one. */
  readonly dialog: number;
  /** The message line and the function bar. */
  readonly footer: number;
};

const FOOTER = 2;
const LEAST_TABLE = 4;
/** The share of the room under the header that the tree may take. */
const TREE_SHARE = 0.5;

/** The heights of the parts of the screen while browsing; remembered with the state. */
export const regionsOf = remembered((state: State): Regions => {
  const rows = state.rows - FOOTER;
  const wantedDialog = dialogHeight(state);
  const wantedHeader = Math.min(headerLines(state).length, rows - LEAST_TABLE);
  // On a low terminal the meters and the table give way to what is asked, and whom it is about.
  const header = wantedDialog === 0 ? wantedHeader : within(wantedHeader, rows - wantedDialog - 2);
  const dialog = Math.min(wantedDialog, rows - header);
  const left = rows - header - dialog;
  const tree = isTreeOpen(state) ? treeHeight(state, left) : 0;
  return {header, table: left - tree, tree, dialog, footer: FOOTER};
});

function within(wanted: number, most: number): number {
  return Math.max(0, Math.min(wanted, most));
}

function treeHeight(state: State, room: number): number {
  const lines = Math.max(1, treeRows(state.shown, state.tree.toggled).length) + 1;
  const wanted = state.focus === 'tree' ? Math.max(4, lines + 1) : lines;
  return Math.max(
    0,
    Math.min(wanted, Math.max(Math.floor(room * TREE_SHARE), room - 12), room - LEAST_TABLE),
  );
}

function dialogHeight(state: State): number {
  const {mode} = state;
  if (mode.type === 'confirm') return confirmLines(mode, state).length;
  if (mode.type === 'batch') return runLines(mode, state).length;
  if (mode.type === 'menu') return Math.min(mode.entries.length, 10) + 1;
  return 0;
}
