import {type PlacedColumn, placeColumns} from '../model/column-widths.ts';
import {neededWidths} from '../model/needed-widths.ts';
import type {State} from './state.ts';

/** The columns of the table with their widths, for the present layout, terminal and data. */
export function tableColumns({layout, columns, shown}: State): readonly PlacedColumn[] {
  return placeColumns(layout, columns, shown === null ? {} : neededWidths(shown.sessions));
}
