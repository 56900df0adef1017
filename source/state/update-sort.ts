import {type ColumnId, columnOf} from '../model/columns.ts';
import {GROUP_COLUMNS, type GroupColumnId} from '../model/group-columns.ts';
import type {State} from './state.ts';
import {tableColumns} from './table-columns.ts';
import {sortOf} from './table-rows.ts';

/** Ages and counts are of interest from the top, names from A. */
export function isDescendingFirst(column: ColumnId): boolean {
  return column === 'time' || column === 'blk' || columnOf(column).isOfProcess === true;
}

/** The state with what is on screen sorted by a column: by one of the groups' while they are, else of the table in its present view. Chosen again it is reversed. */
export function chooseSort(state: State, column: string): State {
  if (state.main === 'groups') {
    const chosen = GROUP_COLUMNS.find(({id}) => id === column)?.id ?? 'sessions';
    const isSame = state.groupSort.column === chosen;
    return sortGroupsBy(state, chosen, isSame ? !state.groupSort.descending : chosen !== 'group');
  }
  const id = column as ColumnId;
  const isSame = sortOf(state).column === id;
  return sortBy(state, id, isSame ? !sortOf(state).descending : isDescendingFirst(id));
}

/** The state sorted by the column to the left or right of the present one. */
export function moveSort(state: State, by: 1 | -1): State {
  const near = <Id>(ids: readonly Id[], id: Id) =>
    ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(id) + by))];
  if (state.main === 'groups') {
    const column = near(
      GROUP_COLUMNS.map(({id}) => id),
      state.groupSort.column,
    );
    return column === undefined ? state : sortGroupsBy(state, column, column !== 'group');
  }
  const column = near(
    tableColumns(state).map(({column}) => column.id),
    sortOf(state).column,
  );
  return column === undefined ? state : sortBy(state, column, isDescendingFirst(column));
}

/** The state with the order of what is on screen reversed. */
export function reverseSort(state: State): State {
  const {column, descending} = state.groupSort;
  if (state.main === 'groups') return sortGroupsBy(state, column, !descending);
  return sortBy(state, sortOf(state).column, !sortOf(state).descending);
}

function sortGroupsBy(state: State, column: GroupColumnId, descending: boolean): State {
  return {...state, groupSort: {column, descending}, frozen: null};
}

function sortBy(state: State, column: ColumnId, descending: boolean): State {
  return {...state, sorts: {...state.sorts, [state.view]: {column, descending}}, frozen: null};
}
