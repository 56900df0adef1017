import {cursorIndex, placeCursor} from './cursor.ts';
import {groupRows} from './group-rows.ts';
import {loadRows} from './load-rows.ts';
import {rowKeys} from './row-keys.ts';
import type {Cursor, State} from './state.ts';
import {matchesSearch, tableRows} from './table-rows.ts';

/** Where a search begins: at the row above the cursor and upwards, at the cursor, or below it. */
type Offset = -1 | 0 | 1;

/** The cursor of what the middle of the screen shows on the next row in which `text` occurs; it stays where there is none. */
export function findFrom(state: State, text: string, offset: Offset): State {
  const found: State = {...state, focus: 'table', message: null};
  const none: State = {
    ...state,
    message: {text: `"${text}" occurs in no row of this view.`, kind: 'note'},
  };
  switch (state.main) {
    case 'sessions': {
      const matches = (row: Parameters<typeof matchesSearch>[0]) => matchesSearch(row, text);
      const tableCursor = nextMatch(tableRows(state), state.tableCursor, matches, offset);
      return tableCursor === null ? none : {...found, tableCursor};
    }
    case 'groups': {
      const groupCursor = nextMatch(
        groupRows(state),
        state.groupCursor,
        row => occurs(row.value, text),
        offset,
      );
      return groupCursor === null ? none : {...found, groupCursor};
    }
    case 'load': {
      const loadCursor = nextMatch(loadRows(state), state.loadCursor, row => occurs(row.text, text), offset);
      return loadCursor === null ? none : {...found, loadCursor};
    }
    default:
      return state.main satisfies never;
  }
}

function nextMatch<Row extends {readonly key: string}>(
  rows: readonly Row[],
  cursor: Cursor,
  matches: (row: Row) => boolean,
  offset: Offset,
): Cursor | null {
  const keys = rowKeys(rows);
  const from = Math.max(0, cursorIndex(cursor, keys));
  const direction = offset === -1 ? -1 : 1;
  for (let turn = 0; turn < rows.length; turn++) {
    const index = (from + offset + turn * direction + rows.length * 2) % rows.length;
    const row = rows[index];
    if (row !== undefined && matches(row)) return placeCursor(cursor, index, keys);
  }
  return null;
}

function occurs(value: string, text: string): boolean {
  return text !== '' && value.toLowerCase().includes(text.toLowerCase());
}
