import {fit, textWidth} from './text-width.ts';

/** A column of a plain table: no wider than its widest text and its title need, nor than `max` cells. */
export type PlainColumn = {readonly title: string; readonly align: 'left' | 'right'; readonly max: number};

/** Rows of texts under headings, a cell apart, for a terminal or a file. */
export function plainTable(columns: readonly PlainColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({title, max}, index) => {
    const widest = Math.max(title.length, ...rows.map(row => textWidth(row[index] ?? '')));
    return Math.min(widest, Math.max(max, title.length));
  });
  const lineOf = (cells: readonly string[]) =>
    columns
      .map(({align}, index) => fit(cells[index] ?? '', widths[index] ?? 0, align))
      .join(' ')
      .trimEnd();
  return [lineOf(columns.map(({title}) => title)), ...rows.map(lineOf)].join('\n');
}
